"""Everything that the page of a change request shows, read once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from deploy_engine.checks.catalogue import load_not_interrupted
from deploy_engine.config import TeamDocument
from deploy_engine.diffing import DocumentDifference, compare_documents
from deploy_engine.planning import Plan
from replication.choices import ChangeRequestState
from replication.documents import team_document_of
from replication.errors import NotFound
from replication.models import ChangeRequest, ChangeRequestEdit, CheckRun, Comment, Deployment, Rehearsal, Review
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
from replication.selectors.open_changes import OpenChange, open_changes_of, same_things
from replication.selectors.proposals import who_is
from replication.selectors.rehearsals import rehearsable, rehearsal_newest
from replication.selectors.requirements import MergeRequirements, Requirement, merge_requirements
from replication.selectors.shipping import approved_beside, emergency_fits, shippable_together
from replication.transitions import Act, transition_find

if TYPE_CHECKING:
    from django.contrib.auth.models import User


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
    comments: tuple[Comment, ...]
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

    @property
    def is_moving(self) -> bool:
        """Whether the page will change by itself: checks or a rehearsal are live, or a deployment is not over."""
        checking = self.run is not None and self.run.is_live
        rehearsing = self.rehearsal is not None and self.rehearsal.is_live
        return checking or rehearsing or any(not deployment.is_finished for deployment in self.deployments[:1])


def change_request_by_number(number: int) -> ChangeRequest:
    """The change request with its scope, author and base; raises `NotFound`."""
    found = (
        ChangeRequest.objects.filter(number=number)
        .select_related(
            "environment",
            "team",
            "author",
            "base_revision",
            "revision",
            "promoted_from__environment",
            "promoted_from__team",
            "proposed_scope__branch",
        )
        .prefetch_related("reviews")
        .first()
    )
    if found is None:
        raise NotFound(f"There is no change request #{number}.")
    return found


def change_request_page(*, actor: User, change_request: ChangeRequest) -> ChangeRequestPage:
    """Read the page of `change_request` for `actor`."""
    base = change_request.base_revision
    is_base = change_request.team is None
    requirements = merge_requirements(change_request)
    edits = list(change_request.edits.defer("document").order_by("id"))
    return ChangeRequestPage(
        change_request=change_request,
        accepted=team_document_of(base.document) if base is not None and not is_base else None,
        proposed=None if is_base else team_document_of(change_request.document),
        requirements=requirements,
        comments=tuple(change_request.comments.all()),
        reviews=tuple(change_request.reviews.all()),
        deployments=tuple(change_request.deployments.order_by("-id")),
        rehearsal=rehearsal_newest(change_request),
        permissions=_permissions(actor, change_request, edits),
        together=shippable_together(
            actor, change_request.environment, change_request.team, approved_beside(change_request)
        ),
        emergency_fits=emergency_fits(actor, change_request, requirements),
        also_changed=_also_changed(change_request) if change_request.is_open else (),
        last_edit=edits[-1] if edits and change_request.is_open else None,
    )


def _also_changed(change_request: ChangeRequest) -> tuple[OpenChange, ...]:
    others = open_changes_of(change_request.environment, change_request.team, but=change_request)
    return same_things(change_request, others) if others else ()


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
