"""Everything that the page of a change request shows, read once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from deploy_engine.checks.catalogue import load_not_interrupted
from deploy_engine.config import TeamDocument
from deploy_engine.diffing import DocumentDifference, compare_documents
from deploy_engine.planning import Plan
from replication.choices import ChangeRequestState
from replication.documents import team_document_of
from replication.errors import NotFound
from replication.models import ChangeRequest, ChangeRequestEdit, CheckRun, Deployment, Rehearsal, Review
from replication.policies import (
    Decision,
    can_approve,
    can_close,
    can_comment,
    can_edit,
    can_give_up_loads,
    can_merge,
    can_rehearse,
    can_request_checks,
    can_review,
    can_submit,
)
from replication.selectors.approvals import plan_of
from replication.selectors.change_request_said import Said, change_request_said
from replication.selectors.deployed_elsewhere import DeployedElsewhere, deployed_elsewhere
from replication.selectors.open_changes import OpenChange, open_changes_of, same_things
from replication.selectors.proposals import who_is
from replication.selectors.rehearsals import rehearsable, rehearsal_newest
from replication.selectors.requirements import (
    MergeRequirements,
    Requirement,
    merge_requirements,
    surroundings_of,
    with_surroundings,
)
from replication.selectors.shipping import emergency_fits, shippable_together
from replication.transitions import Act, transition_find

if TYPE_CHECKING:
    from django.contrib.auth.models import User


_JOINED = (
    "environment",
    "team",
    "author",
    "base_revision",
    "revision",
    "promoted_from__environment",
    "promoted_from__team",
    "proposed_scope__branch",
)
_UNREAD = (
    "base_revision__ledger",
    "revision__document",
    "revision__ledger",
    "promoted_from__document",
    "promoted_from__ledger",
)
"""Columns of whole configs that no page of a change request reads."""


@dataclass(frozen=True)
class MainAct:
    """The one act that fits now: submit, approve, merge, or none. `decision` says whether the actor may do it now."""

    name: str
    decision: Decision


@dataclass(frozen=True)
class Permissions:
    """What the reader may do beside the main act, as far as the request's state has room for it."""

    edit: Decision
    submit: Decision
    approve: Decision
    review: Decision
    comment: Decision
    close: Decision
    rerun: Decision
    rehearse: Decision
    merge: Decision
    give_up: Decision


@dataclass(frozen=True)
class ChangeRequestPage:
    """The request, what it changes, how it was judged, what was said, and what can be done."""

    change_request: ChangeRequest
    accepted: TeamDocument | None
    proposed: TeamDocument | None
    requirements: MergeRequirements
    said: Said
    reviews: tuple[Review, ...]
    deployments: tuple[Deployment, ...]
    rehearsal: Rehearsal | None
    permissions: Permissions
    together: list[ChangeRequest]
    """The approved changes that could be shipped in one pause, itself among them; empty for one alone."""
    emergency_fits: bool
    last_edit: ChangeRequestEdit | None
    """Who edited it last, and how, while it may still be edited; without the document."""
    also_changed: tuple[OpenChange, ...]
    """The other open change requests that change the same, with only what both change."""

    @property
    def run(self) -> CheckRun | None:
        """The newest check run of exactly this document."""
        return self.requirements.check_run

    @property
    def loads_in_the_way(self) -> bool:
        """Whether a check speaks of loads that the change would interrupt, or that are given up for it."""
        results = self.run.results if self.run is not None else ()
        return any(result["check"] == load_not_interrupted.ID and result["findings"] for result in results)

    @property
    def behind(self) -> int:
        """How many revisions were accepted since it began, as long as that still matters."""
        return self.requirements.behind if self.change_request.is_open else 0

    @cached_property
    def plan(self) -> Plan | None:
        """The plan of that run, or None."""
        return plan_of(self.run)

    @cached_property
    def difference(self) -> DocumentDifference | None:
        """What changes table by table; None for the base stack, which has no tables."""
        return compare_documents(self.accepted, self.proposed) if self.proposed is not None else None

    @property
    def main_act(self) -> MainAct:
        """The one act that fits the state, the plan and the reader."""
        return main_act(self)

    @property
    def rehearse(self) -> Decision:
        """Whether the reader may have this version rehearsed now."""
        return self.permissions.rehearse and rehearsable(self.change_request, self.run, self.plan, self.rehearsal)

    @cached_property
    def elsewhere(self) -> tuple[DeployedElsewhere, ...]:
        """Where else what the plan loads really runs."""
        if self.requirements.elsewhere is not None:
            return self.requirements.elsewhere
        return deployed_elsewhere(self.change_request, self.plan.loading) if self.plan is not None else ()

    @property
    def is_moving(self) -> bool:
        """Whether the page will change by itself: checks or a rehearsal are live, or a deployment is not over."""
        checking = self.run is not None and self.run.is_live
        rehearsing = self.rehearsal is not None and self.rehearsal.is_live
        return checking or rehearsing or any(not deployment.is_finished for deployment in self.deployments[:1])


def change_request_by_number(number: int) -> ChangeRequest:
    """The change request with its scope, author, base and surroundings; raises `NotFound`."""
    rows = with_surroundings(ChangeRequest.objects.filter(number=number)).select_related(*_JOINED).defer(*_UNREAD)
    found: ChangeRequest | None = rows.prefetch_related("reviews").first()
    if found is None:
        raise NotFound(f"There is no change request #{number}.")
    return found


def change_request_page(*, actor: User, change_request: ChangeRequest) -> ChangeRequestPage:
    """Read the page of `change_request`, which `change_request_by_number` gave, for `actor`."""
    base = change_request.base_revision
    is_base = change_request.team is None
    requirements = merge_requirements(change_request, surroundings_of(change_request))
    said = change_request_said(change_request)
    others = _others(change_request)
    return ChangeRequestPage(
        change_request=change_request,
        accepted=team_document_of(base.document) if base is not None and not is_base else None,
        proposed=None if is_base else team_document_of(change_request.document),
        requirements=requirements,
        said=said,
        reviews=tuple(change_request.reviews.all()),
        deployments=tuple(_deployments(change_request)) if not change_request.is_open else (),
        rehearsal=rehearsal_newest(change_request),
        permissions=_permissions(actor, change_request, said.edits),
        together=shippable_together(
            actor, change_request.environment, change_request.team, _approved_together(change_request, others)
        ),
        emergency_fits=emergency_fits(actor, change_request, requirements),
        also_changed=same_things(change_request, others) if others else (),
        last_edit=said.edits[-1] if said.edits and change_request.is_open else None,
    )


def _approved_together(change_request: ChangeRequest, others: Sequence[OpenChange]) -> list[ChangeRequest]:
    """Itself and the others of its scope that are approved too; none where it is not approved itself."""
    approved = change_request.state == ChangeRequestState.APPROVED
    return [change_request, *(other.change_request for other in others)] if approved else []


def _others(change_request: ChangeRequest) -> tuple[OpenChange, ...]:
    if not change_request.is_open:
        return ()
    return open_changes_of(change_request.environment, change_request.team, but=change_request)


def _deployments(change_request: ChangeRequest) -> QuerySet[Deployment]:
    return change_request.deployments.select_related("environment").defer("plan", "record").order_by("-id")


def main_act(page: ChangeRequestPage) -> MainAct:
    """Submit a draft; approve what is in review; merge what is approved. Later there is nothing left to do here."""
    change_request, may = page.change_request, page.permissions
    if change_request.state == ChangeRequestState.DRAFT:
        return MainAct("submit", may.submit and _submittable(page))
    if change_request.state == ChangeRequestState.CHECKING:
        return MainAct("approve", Decision(False, "Its checks are still running."))
    if change_request.state == ChangeRequestState.IN_REVIEW:
        return MainAct("approve", may.approve and _approvable(page))
    if change_request.state == ChangeRequestState.APPROVED:
        return MainAct("merge", may.merge and _mergeable(page.requirements.unmet))
    return MainAct("", Decision(False))


def _submittable(page: ChangeRequestPage) -> Decision:
    base = page.change_request.base_revision
    if base is not None and base.document_hash == page.change_request.document_hash:
        return Decision(False, "It changes nothing yet: add or remove something first.")
    question = who_is(page.change_request)
    return Decision(False, question) if question else Decision(True)


def _approvable(page: ChangeRequestPage) -> Decision:
    run = page.run
    if run is None or run.is_live:
        return Decision(False, "Its checks are still running.")
    return Decision(True) if run.is_green else Decision(False, "Its checks are not green.")


def _mergeable(unmet: tuple[Requirement, ...]) -> Decision:
    return Decision(False, f"{unmet[0].label}: {unmet[0].sentence}") if unmet else Decision(True)


def _permissions(actor: User, change_request: ChangeRequest, edits: Sequence[ChangeRequestEdit]) -> Permissions:
    state = change_request.state

    def only_if(decision: Decision, act: Act) -> Decision:
        fits = transition_find(state, act) is not None
        return decision if fits else Decision(False, f"It is {change_request.state_choice.label}.")

    return Permissions(
        edit=only_if(can_edit(actor, change_request), Act.EDIT),
        submit=only_if(can_submit(actor, change_request), Act.SUBMIT),
        approve=can_approve(actor, change_request, editors={edit.editor_id for edit in edits}),
        review=only_if(can_review(actor, change_request), Act.REFUSE),
        comment=can_comment(actor, change_request),
        close=only_if(can_close(actor, change_request), Act.CLOSE),
        rerun=only_if(can_request_checks(actor, change_request), Act.EDIT),
        rehearse=can_rehearse(actor, change_request),
        merge=only_if(can_merge(actor, change_request), Act.MERGE),
        give_up=only_if(can_give_up_loads(actor, change_request), Act.EDIT),
    )
