"""Two other ways of merging: several approved changes in one go, and one change in an emergency."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from replication.choices import AuditKind
from replication.documents import document_hash
from replication.documents.merging import documents_merge
from replication.errors import Behind, ChecksNotGreen, InvalidInput
from replication.models import ChangeRequest, Deployment, Revision
from replication.policies import can_merge, can_merge_unreviewed, require
from replication.selectors.requirements import merge_requirements
from replication.services.actors import actor_name
from replication.services.audit import audit_write
from replication.services.inputs import document_read, input_finding, required_text
from replication.services.merging import (
    accept_as_revision,
    deploy_as_merged,
    merge_lock,
    merged_tell,
    refuse_unless_ready,
)
from replication.services.service import service
from replication.transitions import Act

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from replication.models import CheckRun

LONGEST_REASON = 1000


@service
def change_requests_merge_together(*, actor: User, change_requests: Sequence[ChangeRequest]) -> Deployment:
    """Accept several approved changes of one stack, one revision each, and deploy the last: one pause for all.

    Each must be ready to be merged by itself. Those after the first are put on top of it entry by entry, as a rebase
    does; where two changed the same entry, `Behind` names it and nothing is merged. What they do together was approved
    piece by piece: the deployment may do what any of their plans does, and its own checks are run on the whole.
    """
    ordered = sorted({change.number: change for change in change_requests}.values(), key=lambda change: change.number)
    _refuse_unfit_company(ordered)
    for change_request in ordered:
        require(can_merge(actor, change_request))
    merge_lock(ordered[0])
    runs: list[CheckRun] = []
    for change_request in ordered:
        change_request.refresh_from_db(from_queryset=ChangeRequest.objects.select_for_update())
        runs.append(refuse_unless_ready(change_request))
    revisions: list[Revision] = []
    for change_request in ordered:
        if revisions:
            _put_on_top(change_request, revisions[-1])
        revisions.append(accept_as_revision(actor, change_request, Act.MERGE))
    given_up = [table for change in ordered for table in change.given_up]
    deployment = deploy_as_merged(actor, ordered[-1], revisions[-1], runs[-1], given_up=given_up)
    for change_request, revision, run in zip(ordered[:-1], revisions, runs, strict=False):
        merged_tell(actor, change_request, revision, run, deployment)
    numbers = ", ".join(f"#{change.number}" for change in ordered)
    audit_write(
        actor=actor,
        kind=AuditKind.CHANGES_SHIPPED,
        deployment=deployment,
        sentence=f"{actor_name(actor)} shipped {numbers} together, as deployment {deployment.pk}.",
        data={"change_requests": [change.number for change in ordered]},
    )
    return deployment


def _refuse_unfit_company(ordered: Sequence[ChangeRequest]) -> None:
    if len(ordered) < 2:
        message = "Choose another change to ship together with this one."
        raise InvalidInput([input_finding("change_requests", message, allowed="two or more changes")])
    scopes = {change.scope_name for change in ordered}
    if len(scopes) > 1:
        message = f"Only changes of one stack share a pause; these are of {' and '.join(sorted(scopes))}."
        raise InvalidInput([input_finding("change_requests", message, allowed="changes of one team and environment")])


def _put_on_top(change_request: ChangeRequest, latest: Revision) -> None:
    """The reviews stay: they were of these entries, and none of them is another one now."""
    base = change_request.base_revision
    merged = documents_merge(
        base=base.document if base is not None else {}, theirs=latest.document, ours=change_request.document
    )
    if merged.conflicts:
        entries = [conflict.words for conflict in merged.conflicts]
        raise Behind(
            f"#{change_request.number} and a change before it both changed {', '.join(entries[:5])}. "
            "Ship them one after the other.",
            {"entries": entries},
        )
    document_read(merged.document, is_base=change_request.team is None)
    change_request.document = merged.document
    change_request.document_hash = document_hash(merged.document)
    change_request.base_revision = latest


@service
def change_request_merge_emergency(*, actor: User, change_request: ChangeRequest, reason: str) -> Deployment:
    """Accept and deploy without a review, but never without checks. It stands out for ever: that is its price."""
    require(can_merge_unreviewed(actor, change_request))
    reason = required_text(reason, field="reason", longest=LONGEST_REASON)
    merge_lock(change_request)
    requirements = merge_requirements(change_request)
    run = requirements.check_run
    for line in requirements.unmet:
        if not line.of_review:
            refusal = Behind if line.name == "not-behind" else ChecksNotGreen
            raise refusal(f"{line.label}: {line.sentence} The emergency path skips the review, never this.")
    if run is None:
        raise ChecksNotGreen("The checks have not run for this document yet.")
    change_request.emergency_reason = reason
    revision = accept_as_revision(actor, change_request, Act.EMERGENCY)
    deployment = deploy_as_merged(actor, change_request, revision, run, emergency_reason=reason)
    audit_write(
        actor=actor,
        kind=AuditKind.CHANGE_EMERGENCY,
        change_request=change_request,
        deployment=deployment,
        sentence=f"EMERGENCY: {actor_name(actor)} merged #{change_request.number} “{change_request.title}” without a "
        f"review: {reason}",
        data={"revision": revision.number, "approvals": requirements.approvals.sentence},
    )
    return deployment
