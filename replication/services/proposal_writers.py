"""Who wrote what stands on a branch. Git takes anybody's word, so a name in a commit is a claim and gives no rights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model

from replication.models import Environment, Team
from replication.policies import can_propose

if TYPE_CHECKING:
    from django.contrib.auth.models import User


@dataclass(frozen=True)
class Claimed:
    """A name and an e-mail address as a commit has them."""

    name: str
    email: str

    @property
    def shown(self) -> str:
        """For people."""
        return f"{self.name} <{self.email}>" if self.email else self.name or "nobody"


@dataclass(frozen=True)
class Writers:
    """The people behind a branch: all whom the portal knows, and the claims that somebody has to vouch for."""

    author: User | None
    known: tuple[User, ...]
    waits_for: tuple[dict[str, str], ...]


def writers_find(
    authors: Sequence[Claimed], committers: Sequence[Claimed], environment: Environment, team: Team | None
) -> Writers:
    """Match claims to people by e-mail; the first of `authors` is the newest commit's.

    An author whom the portal does not know, or who may not propose in the scope, is waited for. A committer counts as
    a writer where the portal knows him; where it does not, he only carried it, as a git server's merge button does.
    """
    known: dict[int, User] = {}
    waits_for = []
    newest: User | None = None
    for place, claimed in enumerate(authors):
        people = _people(claimed)
        why = _why(people, environment, team)
        if why:
            waits_for.append({"name": claimed.name, "email": claimed.email, "why": why})
        known |= {person.pk: person for person in people}
        if place == 0 and len(people) == 1:
            newest = people[0]
    for claimed in committers:
        known |= {person.pk: person for person in _people(claimed)}
    return Writers(newest, tuple(known.values()), tuple(waits_for))


def _people(claimed: Claimed) -> list[User]:
    if not claimed.email:
        return []
    return list(get_user_model().objects.filter(email__iexact=claimed.email, is_active=True).order_by("pk"))


def _why(people: Sequence[User], environment: Environment, team: Team | None) -> str:
    if not people:
        return "Nobody here has that e-mail address."
    if len(people) > 1:
        return f"{len(people)} people here have that e-mail address."
    if not can_propose(people[0], environment, team):
        whose = f"team {team.slug}" if team is not None else "the platform team"
        return f"{people[0].get_full_name() or people[0].get_username()} is not in {whose}."
    return ""
