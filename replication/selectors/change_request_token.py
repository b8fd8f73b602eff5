"""What tells whether the page of a change request still shows it as it is: asked for often, so read sparingly."""

from __future__ import annotations

from typing import Any

from django.db.models import CharField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Concat

from replication.choices import OPEN_STATES, CheckRunState, RehearsalState
from replication.models import ChangeRequest, CheckRun, Deployment, Rehearsal
from replication.selectors.scopes import newest_number


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
    """The token of the change request `number` as it is now, in one query without its document; empty without one."""
    own = {"change_request": OuterRef("pk")}
    runs = CheckRun.objects.filter(**own, document_hash=OuterRef("document_hash")).exclude(
        state=CheckRunState.OVERTAKEN
    )
    rehearsals = Rehearsal.objects.filter(**own).exclude(state=RehearsalState.OVERTAKEN)
    row = (
        ChangeRequest.objects.filter(number=number)
        .annotate(
            run=_newest(runs, "state"),
            deployment=_newest(Deployment.objects.filter(**own), "state", "phase", "step"),
            rehearsal=_newest(rehearsals, "state", "progress"),
            accepted=newest_number(),
        )
        .values_list("state", "document_hash", "base_revision__number", "run", "deployment", "rehearsal", "accepted")
        .first()
    )
    if row is None:
        return ""
    state, document_hash, base, run, deployment, rehearsal, accepted = row
    behind = (accepted or 0) - (base or 0) if state in OPEN_STATES else 0
    return "_".join((state, document_hash[:12], run or "", deployment or "", rehearsal or "", str(max(0, behind))))


def _newest(rows: QuerySet[Any], *columns: str) -> Subquery:
    """The key and some columns of the newest row, with hyphens between them as `change_request_token` has them."""
    parts = [part for name in ("pk", *columns) for part in (Value("-"), Cast(name, CharField()))]
    return Subquery(rows.order_by("-pk").annotate(told=Concat(*parts[1:])).values("told")[:1])
