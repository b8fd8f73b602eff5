"""What a merge needs: every requirement as one line, met or not, with the reason in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from deploy_engine.planning import Plan
from replication.choices import LIVE_DEPLOYMENT_STATES, CheckRunState, DeploymentState
from replication.database_clock import database_now
from replication.freezing import frozen_at
from replication.models import ChangeRequest, CheckRun, Deployment
from replication.selectors.approvals import ApprovalState, approval_state, plan_of
from replication.selectors.check_runs import current_check_run
from replication.selectors.deployed_elsewhere import deployed_elsewhere
from replication.selectors.proposals import who_is
from replication.selectors.rehearsals import rehearsal_passed
from replication.selectors.review_policies import ReviewPolicy, review_policy_for
from replication.selectors.scopes import latest_revision, stack_of_scope


@dataclass(frozen=True)
class Requirement:
    """One line of the box at the end of a change request.

    `name`: author-known, checks, approvals, rehearsed, tried, not-frozen, not-behind, stack-free. `of_review`: it
    belongs to the review policy, which an emergency skips.
    """

    name: str
    label: str
    met: bool
    sentence: str
    of_review: bool = False


@dataclass(frozen=True)
class MergeRequirements:
    """All lines, with what they were read from."""

    check_run: CheckRun | None
    approvals: ApprovalState
    lines: tuple[Requirement, ...]
    behind: int
    """How many revisions were accepted since the change request's base."""

    @property
    def unmet(self) -> tuple[Requirement, ...]:
        """Those that still stand in the way."""
        return tuple(line for line in self.lines if not line.met)


def merge_requirements(change_request: ChangeRequest) -> MergeRequirements:
    """Everything that a merge of `change_request` needs, as it stands now."""
    check_run = current_check_run(change_request)
    policy = review_policy_for(change_request)
    approvals = approval_state(change_request, check_run, policy)
    behind = revisions_behind(change_request)
    lines = (
        *_author_known(change_request),
        _checks(check_run),
        Requirement("approvals", "Approvals", approvals.satisfied, approvals.sentence, of_review=True),
        *_proofs(change_request, plan_of(check_run), policy),
        *_not_frozen(policy),
        _not_behind(behind),
        _stack_free(change_request),
    )
    return MergeRequirements(check_run, approvals, lines, behind)


def revisions_behind(change_request: ChangeRequest) -> int:
    """How many revisions were accepted since the change request's base."""
    latest = latest_revision(change_request.environment, change_request.team)
    base = change_request.base_revision.number if change_request.base_revision else 0
    return latest.number - base if latest is not None else 0


def _author_known(change_request: ChangeRequest) -> Iterator[Requirement]:
    """No line for what was written in the portal, where everybody is known."""
    question = who_is(change_request)
    if question:
        yield Requirement("author-known", "Whose it is", False, question)


def _checks(check_run: CheckRun | None) -> Requirement:
    label = "Checks and plan"
    if check_run is None:
        return Requirement("checks", label, False, "They have not run for this document yet.")
    if check_run.is_live:
        return Requirement("checks", label, False, "They are still running.")
    if check_run.state == CheckRunState.COULD_NOT_RUN:
        return Requirement("checks", label, False, f"They could not run: {check_run.error}")
    total = len(check_run.results)
    passed = sum(1 for result in check_run.results if result["status"] != "failed" and not result["could_not_run"])
    if check_run.refusals:
        return Requirement("checks", label, False, f"There is no plan: {check_run.refusals[0]['message']}")
    said = f"{passed} of {total} checks let it pass."
    if not check_run.blocks and passed < total:
        said += " A full load is running: the deployment waits for its end, and goes by itself."
    return Requirement("checks", label, not check_run.blocks, said)


def _proofs(change_request: ChangeRequest, plan: Plan | None, policy: ReviewPolicy) -> Iterator[Requirement]:
    """What the policy demands to be shown before the merge; no line where it demands nothing."""
    risky = bool(policy.risk_of(plan))
    if policy.rehearsal.holds_for(risky=risky) and plan is not None and plan.steps:
        passed = rehearsal_passed(change_request)
        said = (
            "This version was rehearsed, and the procedure works."
            if passed
            else "The policy demands a rehearsal of it."
        )
        yield Requirement("rehearsed", "Rehearsed", passed, said, of_review=True)
    loading = {load.table for step in plan.steps for load in step.loads} if plan is not None else set()
    if policy.trial.holds_for(risky=risky) and loading:
        tried = [place.environment for place in deployed_elsewhere(change_request, loading) if place.synced]
        said = (
            f"What it loads runs in {tried[0]} already."
            if tried
            else "The policy demands that what it loads runs in another environment first."
        )
        yield Requirement("tried", "Tried elsewhere", bool(tried), said, of_review=True)


def _not_frozen(policy: ReviewPolicy) -> Iterator[Requirement]:
    frozen = frozen_at(policy.windows, database_now()) if policy.windows else None
    if frozen is not None:
        why = f": {frozen.reason}" if frozen.reason else ""
        said = f"Nothing is merged until {frozen.until:%a %d %b %Y %H:%M} UTC{why}."
        yield Requirement("not-frozen", "No freeze", False, said, of_review=True)


def _not_behind(behind: int) -> Requirement:
    if behind == 0:
        return Requirement("not-behind", "Up to date", True, "It starts from the accepted revision.")
    plural = "revision was" if behind == 1 else "revisions were"
    return Requirement("not-behind", "Up to date", False, f"{behind} {plural} accepted since; rebase it first.")


def _stack_free(change_request: ChangeRequest) -> Requirement:
    stack = stack_of_scope(change_request.environment, change_request.team)
    holder = (
        Deployment.objects.filter(stack=stack, state__in=(*LIVE_DEPLOYMENT_STATES, DeploymentState.QUEUED))
        .exclude(change_request=change_request)
        .order_by("id")
        .first()
    )
    if holder is None:
        return Requirement("stack-free", "Stack free", True, f"No deployment of {stack} is under way.")
    return Requirement("stack-free", "Stack free", True, f"It will wait for deployment {holder.pk} of {stack}.")
