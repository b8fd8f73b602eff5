"""What a review policy would have done to the changes of the last ninety days, by their own plans and reviews."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from replication.choices import RehearsalState, Verdict
from replication.freezing import frozen_at
from replication.models import ChangeRequest, CheckRun, TeamSetup
from replication.selectors.approvals import approvals_demanded, plan_of
from replication.selectors.review_policies import ReviewPolicy

LOOKS_BACK = timedelta(days=90)
MOST = 200
"""The newest so many changes are looked at; a team with more sees that only these were."""


@dataclass(frozen=True)
class Past:
    """One merged change, and what would have stood in its way, in words; nothing where it would have passed."""

    change_request: ChangeRequest
    risk: str
    obstacles: tuple[str, ...]


@dataclass(frozen=True)
class PolicyPreview:
    """All that were looked at, newest first; `cut_off` where there were more."""

    changes: tuple[Past, ...]
    cut_off: bool

    @property
    def held_up(self) -> tuple[Past, ...]:
        """Those that would have met an obstacle."""
        return tuple(past for past in self.changes if past.obstacles)

    @property
    def risky(self) -> int:
        """How many the policy calls risky."""
        return sum(bool(past.risk) for past in self.changes)


def policy_preview(setup: TeamSetup, policy: ReviewPolicy) -> PolicyPreview:
    """How the team's merged changes of the last ninety days would have fared under `policy`."""
    merged = (
        ChangeRequest.objects.filter(
            team=setup.team_id, environment=setup.environment_id, merged_at__gte=timezone.now() - LOOKS_BACK
        )
        .select_related("base_revision", "environment", "team")
        .prefetch_related("reviews", "rehearsals")
        .order_by("-merged_at")[: MOST + 1]
    )
    rows = list(merged)
    runs: dict[int, CheckRun] = {}
    for run in CheckRun.objects.filter(change_request__in=[row.pk for row in rows[:MOST]]).order_by("id"):
        runs[run.change_request_id] = run
    return PolicyPreview(tuple(_past(row, runs.get(row.pk), policy) for row in rows[:MOST]), len(rows) > MOST)


def _past(change: ChangeRequest, run: CheckRun | None, policy: ReviewPolicy) -> Past:
    plan = plan_of(run)
    demand = approvals_demanded(
        policy,
        plan,
        proposed=change.document,
        base=change.base_revision.document if change.base_revision is not None else None,
    )
    approvals = {
        review.reviewer_id
        for review in change.reviews.all()
        if review.counts and review.verdict == Verdict.APPROVE and (review.as_platform or not demand.by_platform)
    }
    obstacles = []
    if len(approvals) < demand.needed:
        whose = " of the platform team" if demand.by_platform else ""
        why = f", because {demand.why}" if demand.why else ""
        obstacles.append(f"{len(approvals)} of {demand.needed} approvals{whose}{why}")
    risky = bool(policy.risk_of(plan))
    rehearsed = any(each.state == RehearsalState.PASSED and not each.fault for each in change.rehearsals.all())
    if policy.rehearsal.holds_for(risky=risky) and not rehearsed:
        obstacles.append("no rehearsal")
    frozen = frozen_at(policy.windows, change.merged_at) if change.merged_at is not None else None
    if frozen is not None:
        obstacles.append(f"merged in a freeze window{f' ({frozen.reason})' if frozen.reason else ''}")
    return Past(change, demand.why, tuple(obstacles))
