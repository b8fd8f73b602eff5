"""What every service is wrapped in: one transaction, no typed secrets, and an event for each attempt not allowed."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db import transaction

from replication.errors import NotAllowed
from replication.services.attempts import attempt_write
from replication.services.typed_secrets import refuse_typed_secrets

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")
_SCOPE_ARGUMENTS = ("environment", "team", "change_request", "deployment")
_inside_a_service: ContextVar[bool] = ContextVar("inside_a_service", default=False)


def service(function: Callable[Parameters, Result]) -> Callable[Parameters, Result]:
    """Run `function` in a transaction; a `NotAllowed` that leaves the outermost one is audited after the rollback."""

    @wraps(function)
    def wrapped(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Result:
        if _inside_a_service.get():
            with transaction.atomic():
                return _run(function, *args, **kwargs)
        token = _inside_a_service.set(True)
        try:
            with transaction.atomic():
                return _run(function, *args, **kwargs)
        except NotAllowed as refusal:
            _audit_refused(function.__name__, refusal, kwargs)
            raise
        finally:
            _inside_a_service.reset(token)

    return wrapped


def _run(function: Callable[Parameters, Result], *args: Parameters.args, **kwargs: Parameters.kwargs) -> Result:
    """What no person asked for was typed by nobody: it is Sluice's own words, or AWS's."""
    if kwargs.get("actor") is not None:
        refuse_typed_secrets(kwargs)
    return function(*args, **kwargs)


def _audit_refused(act: str, refusal: NotAllowed, arguments: dict[str, Any]) -> None:
    scope = {name: arguments[name] for name in _SCOPE_ARGUMENTS if arguments.get(name) is not None}
    attempt_write(actor=arguments.get("actor"), act=act, refusal=refusal, **scope)
