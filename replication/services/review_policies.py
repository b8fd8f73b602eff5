"""Changing a team's review policy. Approvals that were enough may be so no longer: open changes are looked at again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from replication.choices import OPEN_STATES, AuditKind, Demanded
from replication.errors import InvalidInput
from replication.freezing import ALLOWED, BadWindow, windows_read
from replication.models import ChangeRequest, TeamSetup
from replication.policies import can_manage_platform, require
from replication.selectors.review_policies import ReviewPolicy, review_policy_of
from replication.services.actors import actor_name
from replication.services.audit import audit_write
from replication.services.inputs import input_finding, required_reason
from replication.services.rows import row_change
from replication.services.service import service
from replication.services.settling import change_request_settle

if TYPE_CHECKING:
    from django.contrib.auth.models import User


@dataclass(frozen=True)
class PolicyValues:
    """What the form of a policy holds; the columns of `TeamSetup`."""

    approvals_needed: int
    approvals_risky: int
    platform_approves_risky: bool
    risky_pause_minutes: int
    risky_loads: int | None
    rehearsal: Demanded
    trial: Demanded
    freeze_windows: str

    @property
    def policy(self) -> ReviewPolicy:
        """As the value that judges changes. Raises `InvalidInput` where a freeze window is none."""
        _checked(self.freeze_windows)
        return review_policy_of(TeamSetup(**self.columns))

    @property
    def columns(self) -> dict[str, Any]:
        """By the column's name."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


@service
def review_policy_change(*, actor: User, setup: TeamSetup, values: PolicyValues, reason: str) -> bool:
    """Set the policy, with the reason in its history; False where nothing changes. Raises `InvalidInput`."""
    require(can_manage_platform(actor))
    reason = required_reason(reason, act="changing a review policy")
    _checked(values.freeze_windows)
    before = {name: getattr(setup, name) for name in values.columns}
    if not row_change(setup, values.columns, actor=actor, reason=reason):
        return False
    changed = {name: [before[name], value] for name, value in values.columns.items() if before[name] != value}
    audit_write(
        actor=actor,
        kind=AuditKind.POLICY_CHANGED,
        environment=setup.environment,
        team=setup.team,
        subject=setup,
        sentence=f"{actor_name(actor)} changed the review policy of {setup}: {reason}",
        data={"changed": changed, "reason": reason},
    )
    open_changes = ChangeRequest.objects.select_for_update().filter(
        team=setup.team, environment=setup.environment, state__in=OPEN_STATES
    )
    for change_request in open_changes:
        change_request_settle(change_request=change_request)
    return True


def _checked(freeze_windows: str) -> None:
    try:
        windows_read(freeze_windows)
    except BadWindow as bad:
        finding = input_finding("freeze_windows", f"Freeze windows, {bad}.", found=bad.found, allowed=ALLOWED)
        raise InvalidInput([finding]) from bad
