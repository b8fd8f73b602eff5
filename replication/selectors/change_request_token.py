"""What tells whether the page of a change request still shows it as it is: asked for often, so read sparingly."""

from __future__ import annotations

from replication.choices import CheckRunState, RehearsalState
from replication.models import ChangeRequest, CheckRun, Deployment, Rehearsal, Revision


def change_request_token(
    change_request: ChangeRequest,
    run: CheckRun | None,
    deployment: Deployment | None,
    rehearsal: Rehearsal | None,
    behind: int,
) -> str:
    """Changes whenever what the page shows does: from the newest check run, deployment and rehearsal."""
    parts = (
        change_request.state,
        change_request.document_hash[:12],
        f"{run.pk}-{run.state}" if run is not None else "",
        f"{deployment.pk}-{deployment.state}-{deployment.phase}-{deployment.step}" if deployment is not None else "",
        f"{rehearsal.pk}-{rehearsal.state}-{rehearsal.progress}" if rehearsal is not None else "",
        str(behind),
    )
    return "_".join(parts)


def change_request_token_now(number: int) -> str:
    """The token of the change request `number` as it is now, read without its document; empty without one."""
    change_request = (
        ChangeRequest.objects.filter(number=number)
        .select_related("base_revision")
        .only("number", "state", "document_hash", "environment_id", "team_id", "base_revision__number")
        .first()
    )
    if change_request is None:
        return ""
    runs = change_request.check_runs.filter(document_hash=change_request.document_hash)
    return change_request_token(
        change_request,
        runs.exclude(state=CheckRunState.OVERTAKEN).only("state").order_by("-id").first(),
        change_request.deployments.only("state", "phase", "step").order_by("-id").first(),
        change_request.rehearsals.exclude(state=RehearsalState.OVERTAKEN).only("state", "progress").first(),
        _behind(change_request) if change_request.is_open else 0,
    )


def _behind(change_request: ChangeRequest) -> int:
    revisions = Revision.objects.filter(environment=change_request.environment_id, team=change_request.team_id)
    latest = revisions.order_by("-number").values_list("number", flat=True).first()
    base = change_request.base_revision.number if change_request.base_revision is not None else 0
    return latest - base if latest is not None else 0
