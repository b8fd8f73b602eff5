"""The people of the demo's company: one for every role, and a few more so that four eyes are always eight."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User

from replication.choices import GlobalRoleName, TeamRole
from replication.models import Team
from replication.services.memberships import global_role_grant, membership_grant

PASSWORD = "sluice"  # noqa: S105 - the demo prints it; it opens nothing but the demo


@dataclass(frozen=True)
class Person:
    """A user of the demo: ``teams`` maps a team's slug to the role in it."""

    username: str
    first_name: str
    last_name: str
    does: str
    teams: tuple[tuple[str, TeamRole], ...] = ()
    everywhere: GlobalRoleName | None = None


PEOPLE = (
    Person("mia", "Mia", "Okafor", "adds tables for team food", (("food", TeamRole.MEMBER),)),
    Person("ravi", "Ravi", "Menon", "reviews changes of team food", (("food", TeamRole.REVIEWER),)),
    Person("lena", "Lena", "Brandt", "adds tables for team orders", (("orders", TeamRole.MEMBER),)),
    Person("tomas", "Tomás", "Ruiz", "reviews changes of team orders", (("orders", TeamRole.REVIEWER),)),
    Person("aiko", "Aiko", "Tanaka", "adds tables for team identity", (("identity", TeamRole.MEMBER),)),
    Person("sam", "Sam", "Whitaker", "adds tables for team fulfilment", (("fulfilment", TeamRole.MEMBER),)),
    Person("petra", "Petra", "Novak", "runs the platform", everywhere=GlobalRoleName.PLATFORM),
    Person("omar", "Omar", "Haddad", "runs the platform, too", everywhere=GlobalRoleName.PLATFORM),
    Person("ada", "Ada", "Lindqvist", "audits", everywhere=GlobalRoleName.AUDITOR),
    Person("vic", "Vic", "Marsh", "only looks (a viewer)"),
)


def users_create() -> dict[str, User]:
    """Every person as a user that can sign in with :data:`PASSWORD`, by username; roles come later."""
    hashed = make_password(PASSWORD)  # once: a hash takes half a second on purpose, and this password is no secret
    return {
        person.username: User.objects.create(
            username=person.username,
            email=f"{person.username}@example.com",
            password=hashed,
            first_name=person.first_name,
            last_name=person.last_name,
        )
        for person in PEOPLE
    }


def platform_grant(users: dict[str, User]) -> None:
    """The company-wide roles; an operator at the command line grants them, for there is nobody else yet."""
    for person in PEOPLE:
        if person.everywhere is not None:
            global_role_grant(actor=None, user=users[person.username], role=person.everywhere)


def teams_grant(users: dict[str, User], *, actor: User) -> None:
    """The roles in teams, once there are teams."""
    for person in PEOPLE:
        for slug, role in person.teams:
            membership_grant(actor=actor, user=users[person.username], team=Team.objects.get(slug=slug), role=role)
