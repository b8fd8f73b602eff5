"""What a merge needs: every requirement as one line, met or not, with the reason in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from replication.choices import LIVE_DEPLOYMENT_STATES, CheckRunState, DeploymentState, RehearsalState
from replication.database_clock import database_now
from replication.freezing import frozen_at
from replication.models import ChangeRequest, CheckRun, Deployment, Rehearsal
from replication.selectors.approvals import ApprovalState, approval_state, plan_of
from replication.selectors.check_runs import current_check_run
from replication.selectors.deployed_elsewhere import DeployedElsewhere, deployed_elsewhere
from replication.selectors.proposals import who_is
from replication.selectors.review_policies import BASE_POLICY, ReviewPolicy, review_policy_of
from replication.selectors.scopes import newest_number, of_the_same_scope, stack_of_scope

VERDICT_HOLDS = timedelta(hours=24)
"""So long may a merge rest on what the checks said: the world moves on, and a deployment that meets it is refused."""


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
    elsewhere: tuple[DeployedElsewhere, ...] | None = None
    """Where else what the plan loads runs; None where the policy does not ask for it, and nobody looked."""

    @property
    def unmet(self) -> tuple[Requirement, ...]:
        """Those that still stand in the way."""
        return tuple(line for line in self.lines if not line.met)


@dataclass(frozen=True)
class Surroundings:
    """What lies around a change request: the policy that it is under, the number of its scope's newest revision (or 0),
    the deployment that it would wait for, if any, and whether this very document was rehearsed to a good end."""

    policy: ReviewPolicy
    accepted: int
    holder: int | None
    rehearsed: bool


def merge_requirements(change_request: ChangeRequest, around: Surroundings | None = None) -> MergeRequirements:
    """Everything that a merge of `change_request` needs, as it stands now; `around` is read where it is not given."""
    around = around or surroundings_of(
        with_surroundings(ChangeRequest.objects.defer("document")).get(pk=change_request.pk)
    )
    check_run = current_check_run(change_request)
    approvals = approval_state(change_request, check_run, around.policy)
    base = change_request.base_revision.number if change_request.base_revision else 0
    behind = max(0, around.accepted - base)
    plan, policy = plan_of(check_run), around.policy
    risky = bool(policy.risk_of(plan))
    loading = plan.loading if plan is not None else frozenset()
    asked = policy.trial.holds_for(risky=risky) and bool(loading)
    elsewhere = deployed_elsewhere(change_request, loading) if asked else None
    lines = (
        *_author_known(change_request),
        _checks(check_run),
        Requirement("approvals", "Approvals", approvals.satisfied, approvals.sentence, of_review=True),
        *(_rehearsed(around.rehearsed) if policy.rehearsal.holds_for(risky=risky) and plan and plan.steps else ()),
        *(_tried(elsewhere) if elsewhere is not None else ()),
        *_not_frozen(policy),
        _not_behind(behind),
        _stack_free(change_request, around.holder),
    )
    return MergeRequirements(check_run, approvals, lines, behind, elsewhere)


def with_surroundings(rows: QuerySet[ChangeRequest]) -> QuerySet[Any]:
    """The rows with what `surroundings_of` reads, in the same query."""
    good = {"state": RehearsalState.PASSED, "document_hash": OuterRef("document_hash"), "fault": ""}
    under_way = Q(state__in=(*LIVE_DEPLOYMENT_STATES, DeploymentState.QUEUED))
    of_others = Q(change_request=None) | ~Q(change_request=OuterRef("pk"))
    joined: QuerySet[Any] = rows.annotate(
        setup=FilteredRelation("environment__setups", condition=Q(environment__setups__team=F("team"))),
        accepted_number=newest_number(),
        rehearsed=Exists(Rehearsal.objects.filter(change_request=OuterRef("pk"), **good)),
        holder=Subquery(
            Deployment.objects.filter(of_the_same_scope() & under_way & of_others).order_by("id").values("pk")[:1]
        ),
    )
    return joined.select_related("setup")


def surroundings_of(row: Any) -> Surroundings:
    """What a row of `with_surroundings` brought along."""
    policy = review_policy_of(getattr(row, "setup", None)) if row.team_id is not None else BASE_POLICY
    return Surroundings(policy, row.accepted_number or 0, row.holder, row.rehearsed)


def _author_known(change_request: ChangeRequest) -> Iterator[Requirement]:
    """No line for what was written in the portal, where everybody is known."""
    question = who_is(change_request)
    if question:
        yield Requirement("author-known", "Whose it is", False, question)


_HOURS = VERDICT_HOLDS // timedelta(hours=1)
_OLD = f"They ran longer ago than the {_HOURS} hours for which a verdict holds: run them again."


def _is_old(check_run: CheckRun) -> bool:
    """By this process's clock: where a day is asked, clocks that differ by seconds do not matter."""
    return check_run.finished_at is not None and check_run.finished_at < timezone.now() - VERDICT_HOLDS


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
    if _is_old(check_run):
        return Requirement("checks", label, False, _OLD)
    said = f"{passed} of {total} checks let it pass."
    if not check_run.blocks and passed < total:
        said += " A full load is running: the deployment waits for its end, and goes by itself."
    return Requirement("checks", label, not check_run.blocks, said)


def _rehearsed(passed: bool) -> Iterator[Requirement]:
    said = "This version was rehearsed, and the procedure works." if passed else "The policy demands a rehearsal of it."
    yield Requirement("rehearsed", "Rehearsed", passed, said, of_review=True)


def _tried(elsewhere: tuple[DeployedElsewhere, ...]) -> Iterator[Requirement]:
    tried = [place.environment for place in elsewhere if place.synced]
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


def _stack_free(change_request: ChangeRequest, holder: int | None) -> Requirement:
    stack = stack_of_scope(change_request.environment, change_request.team)
    if holder is None:
        return Requirement("stack-free", "Stack free", True, f"No deployment of {stack} is under way.")
    return Requirement("stack-free", "Stack free", True, f"It will wait for deployment {holder} of {stack}.")
