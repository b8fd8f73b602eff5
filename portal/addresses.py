"""Which right each address asks for, method by method. Whoever adds an address adds its line here.

Services and views enforce the rights; this table is what they are held to. A Django check names an address that is
missing (`manage.py check`), `tests/portal/roles/` asks each address as everybody with every method, and
`manage.py roles > docs/roles.md` writes it down for people.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from django.core.checks import CheckMessage, Error, register
from django.urls import URLPattern, URLResolver, get_resolver

from replication.roles import Right

ENTER, SEE, EDIT, APPROVE, DEPLOY, MANAGE, REREAD, AUDIT = Right


class Access(NamedTuple):
    """The right to look (GET and HEAD) and the right to act (POST); without one, the method is not there (405)."""

    look: Right | None = None
    act: Right | None = None


ADDRESSES: dict[str, Access] = {
    "home": Access(look=SEE),
    "health": Access(look=ENTER),
    "accounts:sign-in": Access(look=ENTER, act=ENTER),
    "accounts:sign-out": Access(act=SEE),
    "accounts:theme": Access(act=SEE),
    "accounts:environment": Access(act=SEE),
    "teams:list": Access(look=SEE),
    "teams:detail": Access(look=SEE),
    "tables:list": Access(look=SEE),
    "tables:detail": Access(look=SEE),
    "catalogue:list": Access(look=SEE),
    "changes:list": Access(look=SEE),
    "changes:add-tables": Access(look=EDIT, act=EDIT),
    "changes:add-tables-row": Access(look=SEE),
    "changes:table-act": Access(look=EDIT, act=EDIT),
    "changes:task-new": Access(look=EDIT, act=EDIT),
    "changes:task-settings": Access(look=EDIT, act=EDIT),
    "changes:task-clone": Access(look=EDIT, act=EDIT),
    "changes:task-anew": Access(look=EDIT, act=EDIT),
    "changes:task-act": Access(look=EDIT, act=EDIT),
    "changes:parts": Access(look=SEE),
    "changes:part-new": Access(look=EDIT, act=EDIT),
    "changes:part-edit": Access(look=EDIT, act=EDIT),
    "changes:promote": Access(look=EDIT, act=EDIT),
    "changes:detail": Access(look=SEE),
    "changes:live": Access(look=SEE),
    "changes:rename": Access(look=EDIT, act=EDIT),
    "changes:submit": Access(act=EDIT),
    "changes:vouch": Access(act=EDIT),
    "changes:approve": Access(act=APPROVE),
    "changes:request-changes": Access(act=APPROVE),
    "changes:refuse": Access(act=APPROVE),
    "changes:merge": Access(act=DEPLOY),
    "changes:emergency": Access(act=MANAGE),
    "changes:ship-together": Access(act=DEPLOY),
    "changes:close": Access(act=EDIT),
    "changes:comment": Access(act=EDIT),
    "changes:rerun-checks": Access(act=EDIT),
    "changes:give-up": Access(look=MANAGE, act=MANAGE),
    "changes:rehearse": Access(act=EDIT),
    "changes:rebase": Access(look=EDIT, act=EDIT),
    "changes:take-back-task": Access(act=EDIT),
    "changes:take-back-thing": Access(act=EDIT),
    "changes:take-back": Access(act=EDIT),
    "deployments:list": Access(look=SEE),
    "deployments:detail": Access(look=SEE),
    "deployments:live": Access(look=SEE),
    "deployments:retry": Access(act=DEPLOY),
    "deployments:cancel": Access(act=DEPLOY),
    "deployments:continue-rollback": Access(act=MANAGE),
    "deployments:new-version": Access(act=EDIT),
    "deployments:settle": Access(act=DEPLOY),
    "environments:list": Access(look=SEE),
    "environments:new": Access(look=MANAGE, act=MANAGE),
    "environments:detail": Access(look=SEE),
    "environments:change": Access(look=MANAGE, act=MANAGE),
    "environments:earlier": Access(act=MANAGE),
    "environments:team-new": Access(look=MANAGE, act=MANAGE),
    "people:list": Access(look=SEE),
    "people:new": Access(look=MANAGE, act=MANAGE),
    "people:detail": Access(look=SEE),
    "people:team-role": Access(act=MANAGE),
    "people:company-role": Access(act=MANAGE),
    "people:account": Access(act=MANAGE),
    "people:password-link": Access(act=MANAGE),
    "people:choose-password": Access(look=ENTER, act=ENTER),
    "notices:preferences": Access(look=SEE, act=SEE),
    "notices:unsubscribe": Access(look=ENTER, act=ENTER),
    "notices:deliveries": Access(look=MANAGE),
    "notices:retry": Access(act=MANAGE),
    "policy:detail": Access(look=SEE, act=MANAGE),
    "settings:all": Access(look=SEE),
    "history:timeline": Access(look=SEE),
    "history:export": Access(act=AUDIT),
    "history:since": Access(look=SEE),
    "history:compare": Access(look=SEE),
    "history:as-of": Access(look=SEE),
    "history:retired": Access(look=SEE),
    "history:git": Access(look=SEE),
    "history:git-difference": Access(look=SEE),
    "history:git-compare": Access(act=AUDIT),
    "history:git-mend": Access(act=MANAGE),
    "history:branch-again": Access(act=REREAD),
    "history:proof": Access(look=SEE),
    "history:revert-ask": Access(look=SEE),
    "history:revert": Access(act=EDIT),
    "history:revision": Access(look=SEE),
}


def patterns_by_name(patterns: Iterable[URLPattern | URLResolver], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Every address of the resolver as (name, path as it is written); one without a name is called by its path."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            space = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            for name, path in patterns_by_name(pattern.url_patterns, space):
                yield name, f"{pattern.pattern}{path}"
        else:
            yield f"{prefix}{pattern.name}" if pattern.name else str(pattern.pattern), str(pattern.pattern)


@register()
def check_addresses(**_: object) -> list[CheckMessage]:
    """Every address has its line in `ADDRESSES`, and every line its address."""
    there = dict(patterns_by_name(get_resolver().url_patterns))
    missing = [
        Error(
            f"The address /{path} ({name}) has no line in ADDRESSES (portal/addresses.py).",
            hint=f'Say who may use it: "{name}": Access(look=…, act=…), then give tests/portal/roles/examples.py one.',
            id="portal.E001",
        )
        for name, path in there.items()
        if name not in ADDRESSES
    ]
    gone = [
        Error(
            f"ADDRESSES (portal/addresses.py) has {name}, and the portal has no such address.",
            hint="Remove its line.",
            id="portal.E002",
        )
        for name in ADDRESSES
        if name not in there
    ]
    return [*missing, *gone]
