"""Merging: everything that accepting a change writes, in one transaction."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils import timezone

from replication.choices import AuditKind, ChangeRequestState
from replication.documents import base_document_of, team_document_of
from replication.errors import ApprovalMissing, AuthorUnknown, Behind, ChecksNotGreen, FrozenNow, ProofMissing, Refused
from replication.models import ChangeRequest, CheckRun, Deployment, Environment, Revision
from replication.policies import can_merge, require
from replication.selectors.requirements import MergeRequirements, merge_requirements
from replication.services.acceptance import Acceptance, base_document_accept, team_document_accept
from replication.services.actors import actor_name
from replication.services.audit import audit_write
from replication.services.committing import revision_commit
from replication.services.deployments import deployment_create
from replication.services.moving import change_request_move
from replication.services.service import service
from replication.transitions import Act, transition_target

if TYPE_CHECKING:
    from django.contrib.auth.models import User

_REFUSALS: dict[str, type[Refused]] = {
    "author-known": AuthorUnknown,
    "checks": ChecksNotGreen,
    "approvals": ApprovalMissing,
    "rehearsed": ProofMissing,
    "tried": ProofMissing,
    "not-frozen": FrozenNow,
    "not-behind": Behind,
}


@service
def change_request_merge(*, actor: User, change_request: ChangeRequest) -> Deployment:
    """Accept the change: rows, ledger, revision, the commit's item and the deployment's row, or nothing at all."""
    require(can_merge(actor, change_request))
    merge_lock(change_request)
    run = refuse_unless_ready(change_request)
    revision = accept_as_revision(actor, change_request, Act.MERGE)
    return deploy_as_merged(actor, change_request, revision, run)


def merge_lock(change_request: ChangeRequest) -> None:
    """One merge at a time in each environment, of the change request as it is now. Part of other services."""
    Environment.objects.select_for_update().get(pk=change_request.environment_id)
    change_request.refresh_from_db(from_queryset=ChangeRequest.objects.select_for_update())


def accept_as_revision(actor: User, change_request: ChangeRequest, act: Act) -> Revision:
    """What a merge writes but for the deployment: rows, ledger, revision, commit. Part of other services."""
    before = change_request.base_revision
    revision = _accept(actor, change_request)
    change_request.merged_at = timezone.now()
    reason = f"merged as revision {revision.number}"
    change_request_move(change_request=change_request, act=act, actor=actor, reason=reason)
    revision_commit(revision=revision, before=before, change_request=change_request)
    return revision


def deploy_as_merged(
    actor: User,
    change_request: ChangeRequest,
    revision: Revision,
    run: CheckRun,
    *,
    emergency_reason: str = "",
    given_up: Iterable[str] = (),
) -> Deployment:
    """The deployment of a revision that was merged just now, held to the plan of `run`. Part of other services."""
    deployment = deployment_create(
        actor=actor,
        revision=revision,
        change_request=change_request,
        approved_fingerprint=run.fingerprint,
        approved_plan=run.plan,
        emergency_reason=emergency_reason,
        given_up=(*change_request.given_up, *given_up),
    )
    merged_tell(actor, change_request, revision, run, deployment)
    return deployment


def merged_tell(
    actor: User, change_request: ChangeRequest, revision: Revision, run: CheckRun, deployment: Deployment
) -> None:
    """The audit's line of one change that was merged. Part of other services."""
    audit_write(
        actor=actor,
        kind=AuditKind.CHANGE_MERGED,
        change_request=change_request,
        deployment=deployment,
        sentence=(
            f"{actor_name(actor)} merged #{change_request.number} “{change_request.title}” "
            f"as revision {revision.number} of {change_request.scope_name}."
        ),
        data={"revision": revision.number, "fingerprint": run.fingerprint, "document_hash": revision.document_hash},
    )


def refuse_unless_ready(change_request: ChangeRequest) -> CheckRun:
    """The checks that let it be merged; raises the refusal of the first requirement that is not met."""
    requirements: MergeRequirements = merge_requirements(change_request)
    reviewed = change_request.state in (ChangeRequestState.IN_REVIEW, ChangeRequestState.APPROVED)
    if reviewed and requirements.unmet:
        first = requirements.unmet[0]
        raise _REFUSALS[first.name](f"{first.label}: {first.sentence}", {"requirement": first.name})
    transition_target(change_request.state, Act.MERGE)
    if requirements.check_run is None:
        raise ChecksNotGreen("The checks have not run for this document yet.")
    return requirements.check_run


def _accept(actor: User, change_request: ChangeRequest) -> Revision:
    acceptance = Acceptance(actor, f"#{change_request.number} {change_request.title}", change_request)
    try:
        if change_request.team is None:
            return base_document_accept(
                environment=change_request.environment,
                document=base_document_of(change_request.document),
                acceptance=acceptance,
            )
        return team_document_accept(
            environment=change_request.environment,
            team=change_request.team,
            document=team_document_of(change_request.document),
            acceptance=acceptance,
        )
    except ValidationError as error:
        raise ChecksNotGreen(
            "Another change was merged meanwhile, and the two cannot both be: run the checks again.",
            {"messages": error.messages},
        ) from error
