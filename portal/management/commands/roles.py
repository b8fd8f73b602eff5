"""`manage.py roles`: the table of rights and addresses, as a page for people."""

from __future__ import annotations

from django.core.management.base import BaseCommand
from django.urls import get_resolver

from portal.addresses import ADDRESSES, patterns_by_name
from replication.roles import Reach, Right, Role

_INTRODUCTION = """\
# Who may do what

Decided by `replication/roles.py`, enforced in the services. What one may not do answers 403 in words, and the attempt
stands in the audit; whoever is not signed in is led to sign-in. The base stack belongs to no team: it is the
platform's. This page is written by `manage.py roles > docs/roles.md`.

"""


def roles_page() -> str:
    """`docs/roles.md`: the rights by role, and the addresses by right."""
    lines = [f"| | {' | '.join(Role)} |", f"| --- |{' --- |' * len(Role)}"]
    lines += [f"| {right.words} | {' | '.join(right.reaches.values())} |" for right in Right]
    there = dict(patterns_by_name(get_resolver("portal.urls").url_patterns))
    for right in Right:
        lines += ["", f"## {right.words[:1].upper()}{right.words[1:]}", ""]
        lines.append(f"{_whom(right)}\n")
        lines += [
            f"- `{method}` `/{there[name]}`"
            for name, access in ADDRESSES.items()
            for method, wanted in (("GET", access.look), ("POST", access.act))
            if wanted is right
        ]
    return _INTRODUCTION + "\n".join(lines) + "\n"


def _whom(right: Right) -> str:
    given = [
        role.value if reach is Reach.YES else f"{role} ({reach})" for role, reach in right.reaches.items() if reach
    ]
    return f"May: {', '.join(given)}."


class Command(BaseCommand):
    """Writes the page to standard output."""

    help = "Writes docs/roles.md: who may do what, and which addresses ask for which right."

    def handle(self, **_: object) -> None:
        """Write it."""
        self.stdout.write(roles_page(), ending="")
