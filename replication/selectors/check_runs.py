"""The check run of a change request that counts."""

from __future__ import annotations

from replication.choices import CheckRunState
from replication.models import ChangeRequest, CheckRun


def current_check_run(change_request: ChangeRequest) -> CheckRun | None:
    """The newest run for exactly the document as it is now."""
    return (
        change_request.check_runs.filter(document_hash=change_request.document_hash)
        .exclude(state=CheckRunState.OVERTAKEN)
        .order_by("-id")
        .first()
    )
