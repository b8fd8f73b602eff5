"""Open changes of a scope are judged again, because what they were planned against is no longer there."""

from __future__ import annotations

from replication.choices import OPEN_STATES, ChangeRequestState
from replication.models import ChangeRequest, Environment, Team
from replication.services.checks import check_run_create


def plans_make_again(*, environment: Environment, team: Team | None) -> None:
    """Ask for new checks of every open change that was judged already. Part of other services."""
    open_changes = ChangeRequest.objects.select_for_update().filter(
        environment=environment, team=team, state__in=OPEN_STATES
    )
    for change_request in open_changes:
        if change_request.state != ChangeRequestState.DRAFT or change_request.check_runs.exists():
            check_run_create(change_request=change_request, actor=None)
