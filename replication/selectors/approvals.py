"""Which approvals a change needs, and which it has: the policy of the team's setup, read for one plan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from deploy_engine.planning import Plan, plan_from_record
from replication.choices import Verdict
from replication.models import ChangeRequest, CheckRun, Review
from replication.selectors.review_policies import ReviewPolicy, platform_matter, review_policy_for

_READ = "_sluice_plan_read"


@dataclass(frozen=True)
class ApprovalState:
    """How a change stands with its approvals. `blockers` are reviews that ask for changes."""

    needed: int
    by_platform: bool
    given: tuple[Review, ...]
    blockers: tuple[Review, ...]
    why: str = ""
    """Why so many, or why the platform team, as the end of a sentence; empty where nothing is special."""

    @property
    def satisfied(self) -> bool:
        """Whether nothing more has to be said."""
        return not self.blockers and len(self.given) >= self.needed

    @property
    def sentence(self) -> str:
        """The state in words."""
        if self.blockers:
            return f"{self.blockers[-1].reviewer_name} asked for changes: {self.blockers[-1].reason}"
        who = " of the platform team" if self.by_platform else ""
        if self.needed == 0:
            return "No approval is needed: the plan is green and harmless."
        why = f" because {self.why}" if self.why and not self.satisfied else ""
        return f"{min(len(self.given), self.needed)} of {self.needed} approval{'s'[: self.needed != 1]}{who}{why}"


def plan_of(check_run: CheckRun | None) -> Plan | None:
    """The plan that a check run made, or None; read into the engine's own once for each row that holds it."""
    if check_run is None or not check_run.plan:
        return None
    read: tuple[object, Plan] | None = check_run.__dict__.get(_READ)
    if read is None or read[0] is not check_run.plan:
        read = check_run.plan, plan_from_record(check_run.plan)
        check_run.__dict__[_READ] = read
    return read[1]


def approval_state(
    change_request: ChangeRequest, check_run: CheckRun | None, policy: ReviewPolicy | None = None
) -> ApprovalState:
    """The approvals of `change_request` for the plan of `check_run` (its current one), by `policy` (its own)."""
    reviews = [review for review in change_request.reviews.all() if review.counts]
    fingerprint = check_run.fingerprint if check_run is not None else ""
    latest: dict[int, Review] = {}
    for review in reviews:
        if review.reviewer_id is not None and review.document_hash == change_request.document_hash:
            latest[review.reviewer_id] = review
    approvals = tuple(
        review for review in latest.values() if review.verdict == Verdict.APPROVE and review.fingerprint == fingerprint
    )
    blockers = tuple(review for review in latest.values() if review.verdict == Verdict.REQUEST_CHANGES)
    demand = approvals_demanded(
        policy or review_policy_for(change_request),
        plan_of(check_run),
        proposed=change_request.document,
        base=change_request.base_revision.document if change_request.base_revision else None,
    )
    if demand.by_platform:
        approvals = tuple(review for review in approvals if review.as_platform)
    return ApprovalState(demand.needed, demand.by_platform, approvals, blockers, demand.why)


@dataclass(frozen=True)
class ApprovalDemand:
    """How many approvals, whether of the platform team only, and why that many."""

    needed: int
    by_platform: bool
    why: str = ""


def approvals_demanded(
    policy: ReviewPolicy, plan: Plan | None, *, proposed: dict[str, Any], base: dict[str, Any] | None
) -> ApprovalDemand:
    """What `policy` demands for a plan that leads from the document `base` to `proposed`."""
    if "team" not in proposed:
        return ApprovalDemand(1, True, "it changes the base stack")
    foreign = platform_matter(proposed, base)
    if foreign:
        return ApprovalDemand(policy.approvals_risky, True, foreign)
    risk = policy.risk_of(plan)
    if risk:
        needed = max(policy.approvals_risky, policy.approvals_harmless)
        return ApprovalDemand(
            policy.approvals_risky if policy.platform_approves_risky else needed, policy.platform_approves_risky, risk
        )
    return ApprovalDemand(policy.approvals_harmless, False)
