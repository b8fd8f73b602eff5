"""Everybody whom the table of roles tells apart, as seen from the team `food`."""

from __future__ import annotations

from dataclasses import dataclass

from replication.roles import Reach, Right, Role


@dataclass(frozen=True)
class Somebody:
    """One of the stage's people: their role, and whether it is one in `food`."""

    words: str
    username: str
    role: Role
    in_food: bool = True

    def may(self, right: Right | None) -> bool:
        """What the table says of them, asked about something of the team `food`."""
        if right is None:
            return False
        reach = right.reaches[self.role]
        return reach in {Reach.YES, Reach.ALL} or (reach is Reach.OWN and self.in_food)


PEOPLE = (
    Somebody("nobody signed in", "", Role.STRANGER),
    Somebody("a viewer", "stage-vera", Role.VIEWER),
    Somebody("a member of the team", "stage-mia", Role.MEMBER),
    Somebody("a reviewer of the team", "stage-rita", Role.REVIEWER),
    Somebody("a member of another team", "stage-olga", Role.MEMBER, in_food=False),
    Somebody("a reviewer of another team", "stage-otto", Role.REVIEWER, in_food=False),
    Somebody("a platform engineer", "stage-petra", Role.PLATFORM),
    Somebody("an auditor", "stage-anna", Role.AUDITOR),
)
