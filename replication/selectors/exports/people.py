"""Who may do what: every account with its roles."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from django.contrib.auth.models import User

from replication.selectors.keyset import in_pieces
from replication.selectors.people import PersonFilters, people


class Row(NamedTuple):
    """One account. `teams` names each team with the role in it, `company` the roles for the whole company."""

    user_name: str
    name: str
    email: str
    account: str
    teams: str
    company: str


def rows(filters: PersonFilters) -> Iterator[Row]:
    """By name, as the page has them."""
    for piece in in_pieces(people(filters), ("first_name", "last_name", "id")):
        yield from map(_row, piece)


def _row(person: User) -> Row:
    return Row(
        user_name=person.get_username(),
        name=person.get_full_name(),
        email=person.email,
        account="open" if person.is_active else "closed",
        teams=", ".join(f"{each.team.slug}: {each.get_role_display()}" for each in person.memberships.all()),
        company=", ".join(each.get_role_display() for each in person.global_roles.all()),
    )
