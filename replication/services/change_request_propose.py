"""Opening a change request together with its first edit: both, or neither."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from replication.models import ChangeRequest, Environment, Team
from replication.services.change_request_table_edits import change_request_edit_tables_add
from replication.services.change_requests import change_request_create
from replication.services.service import service

if TYPE_CHECKING:
    from django.contrib.auth.models import User


@service
def change_request_propose_tables(
    *,
    actor: User,
    environment: Environment,
    team: Team,
    title: str,
    task: str,
    entries: Sequence[str],
    description: str = "",
) -> ChangeRequest:
    """Open a draft that adds `entries` to `task` (as `change_request_edit_tables_add` reads them).

    Where a line does not fit, `InvalidInput` is raised and no draft is left behind.
    """
    change_request = change_request_create(
        actor=actor, environment=environment, team=team, title=title, description=description
    )
    return change_request_edit_tables_add(actor=actor, change_request=change_request, task=task, entries=entries)
