"""What could be merged otherwise than one after the other: approved changes of one scope, and one in an emergency."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from replication.choices import ChangeRequestState
from replication.models import ChangeRequest, Environment, Team
from replication.policies import can_deploy, can_merge_unreviewed
from replication.selectors.requirements import MergeRequirements

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def shippable_together(
    actor: User, environment: Environment, team: Team | None, changes: Iterable[ChangeRequest]
) -> list[ChangeRequest]:
    """The approved ones of a scope's changes by number, where there are several and the reader may merge; else none."""
    approved = [change for change in changes if change.state == ChangeRequestState.APPROVED]
    if len(approved) < 2 or not can_deploy(actor, environment, team):
        return []
    return sorted(approved, key=lambda change: change.number)


def emergency_fits(actor: User, change_request: ChangeRequest, requirements: MergeRequirements) -> bool:
    """Whether the emergency path leads anywhere: only the review is missing, and the reader may do without."""
    missing = {line.name for line in requirements.unmet}
    return change_request.is_open and missing == {"approvals"} and bool(can_merge_unreviewed(actor, change_request))
