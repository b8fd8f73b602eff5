"""The newest check run of a change request, and what it says."""

from __future__ import annotations

from replication.choices import CheckRunState
from replication.models import ChangeRequest, CheckRun


def latest_check_run(change_request: ChangeRequest) -> CheckRun | None:
    """The newest run that was not overtaken, whatever document it is for."""
    return change_request.check_runs.exclude(state=CheckRunState.OVERTAKEN).order_by("-id").first()


def current_check_run(change_request: ChangeRequest) -> CheckRun | None:
    """The newest run for exactly the document as it is now."""
    return (
        change_request.check_runs.filter(document_hash=change_request.document_hash)
        .exclude(state=CheckRunState.OVERTAKEN)
        .order_by("-id")
        .first()
    )
