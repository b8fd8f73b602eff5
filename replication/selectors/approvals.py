"""Which approvals a change needs, and which it has: the policy of the team's setup, read for one plan."""

from __future__ import annotations

from dataclasses import dataclass

from deploy_engine.planning import EffectKind, Plan, plan_from_record
from replication.choices import Verdict
from replication.models import ChangeRequest, CheckRun, Review, TeamSetup

RISKY_EFFECTS = frozenset({EffectKind.REMOVE_TASK, EffectKind.REMOVE_TABLE, EffectKind.RELOAD, EffectKind.GIVE_UP_LOAD})
"""Effects that lose data or load it again; the platform team looks at them."""

LONG_PAUSE_SECONDS = 15 * 60
"""A plan that keeps tasks paused for longer than this is risky too."""


@dataclass(frozen=True)
class ApprovalState:
    """How a change stands with its approvals. `blockers` are reviews that ask for changes."""

    needed: int
    by_platform: bool
    given: tuple[Review, ...]
    blockers: tuple[Review, ...]
    why_platform: str = ""

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
        why = f" because {self.why_platform}" if self.why_platform and not self.satisfied else ""
        return f"{min(len(self.given), self.needed)} of {self.needed} approval{'s'[: self.needed != 1]}{who}{why}"


def plan_of(check_run: CheckRun | None) -> Plan | None:
    """The plan that a check run made, or None."""
    return plan_from_record(check_run.plan) if check_run is not None and check_run.plan else None


def risk_of(plan: Plan | None) -> str:
    """Why a plan needs the platform team, as the end of a sentence; empty where it does not."""
    if plan is None:
        return ""
    kinds = {effect.kind for effect in plan.side_effects}
    if EffectKind.RELOAD in kinds:
        return "a table reloads"
    if EffectKind.GIVE_UP_LOAD in kinds:
        return "a load is given up"
    if kinds & RISKY_EFFECTS:
        return "a table or a task is removed"
    if plan.pause_estimate_seconds > LONG_PAUSE_SECONDS:
        return f"tasks pause for more than {LONG_PAUSE_SECONDS // 60} minutes"
    return ""


def approval_state(change_request: ChangeRequest, check_run: CheckRun | None) -> ApprovalState:
    """The approvals of `change_request` for the plan of `check_run` (its current one)."""
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
    if change_request.team is None:
        return ApprovalState(1, True, _of_platform(approvals), blockers, "it changes the base stack")
    setup = TeamSetup.objects.filter(team=change_request.team, environment=change_request.environment).first()
    why = risk_of(plan_of(check_run)) or _platform_matter(change_request)
    if why and (setup is None or setup.platform_approves_risky):
        return ApprovalState(1, True, _of_platform(approvals), blockers, why)
    return ApprovalState(setup.approvals_needed if setup is not None else 1, False, approvals, blockers)


def _of_platform(approvals: tuple[Review, ...]) -> tuple[Review, ...]:
    return tuple(review for review in approvals if review.as_platform)


def _platform_matter(change_request: ChangeRequest) -> str:
    """A new source, or another secret, host or alert channel, is the platform team's to approve."""
    proposed = change_request.document["team"]
    base = change_request.base_revision.document["team"] if change_request.base_revision else None
    if base is None:
        return "the team is new"
    if proposed["alert_channel"] != base["alert_channel"]:
        return "the alert channel changes"
    for name, source in proposed["sources"].items():
        before = base["sources"].get(name)
        if before is None:
            return f"the source {name} is new"
        if any(source.get(key) != before.get(key) for key in ("engine", "database", "secret", "catalogue_secret")):
            return f"the source {name} leads elsewhere"
    return ""
