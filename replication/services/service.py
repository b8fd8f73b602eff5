"""What every service is wrapped in: one transaction, and an audit event for each attempt that was not allowed."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db import transaction

from replication.errors import NotAllowed
from replication.services.attempts import attempt_write

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
                return function(*args, **kwargs)
        token = _inside_a_service.set(True)
        try:
            with transaction.atomic():
                return function(*args, **kwargs)
        except NotAllowed as refusal:
            _audit_refused(function.__name__, refusal, kwargs)
            raise
        finally:
            _inside_a_service.reset(token)

    return wrapped


def _audit_refused(act: str, refusal: NotAllowed, arguments: dict[str, Any]) -> None:
    scope = {name: arguments[name] for name in _SCOPE_ARGUMENTS if arguments.get(name) is not None}
    attempt_write(actor=arguments.get("actor"), act=act, refusal=refusal, **scope)
