"""Which environment somebody looks at: a choice kept in a cookie, the first environment without one.

The same query brings along how much waits for the reader: every page shows both, and asks once.
"""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest

from replication.errors import NotFound
from replication.models import Environment
from replication.selectors.environments import environments_with_status
from replication.selectors.inbox import inbox_count

_REMEMBERED = "_sluice_environments"
_WAITING = "waiting_for_reader"


def environments_all(request: HttpRequest) -> list[Environment]:
    """Every environment in its order, with what was last seen of it; read once per request."""
    remembered: list[Environment] | None = request.__dict__.get(_REMEMBERED)
    if remembered is None:
        rows = environments_with_status()
        if request.user.is_authenticated:
            rows = rows.annotate(**{_WAITING: inbox_count(request.user)})
        remembered = list(rows)
        request.__dict__[_REMEMBERED] = remembered
    return remembered


def waiting_for(request: HttpRequest) -> int:
    """How many changes wait for the reader; without any environment there is none."""
    return next((getattr(row, _WAITING, None) or 0 for row in environments_all(request)), 0)


def environment_current(request: HttpRequest) -> Environment | None:
    """The environment of the address, else the chosen one, else the first; None in a portal without any.

    A page about one environment names it in its address (`environment` in the path or the query), and that word wins:
    what the header shows is what the page shows.
    """
    everything = environments_all(request)
    match = request.resolver_match
    named = (
        match.kwargs.get("environment") if match else None,
        request.GET.get("environment"),
        request.COOKIES.get(settings.ENVIRONMENT_COOKIE_NAME),
    )
    for name in named:
        for environment in everything:
            if environment.name == name:
                return environment
    return everything[0] if everything else None


def environment_named(request: HttpRequest, name: str) -> Environment:
    """The environment of that name; raises `NotFound` where there is none."""
    for environment in environments_all(request):
        if environment.name == name:
            return environment
    raise NotFound(f"There is no environment {name}.")
