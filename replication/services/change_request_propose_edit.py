"""Proposing any edit: in a new draft, opened together with it, or in one that is open already."""

from __future__ import annotations

from typing import TYPE_CHECKING

from replication.models import ChangeRequest, Environment, Team
from replication.services.change_request_edit_as_seen import Edit, change_request_edit_as_seen
from replication.services.change_requests import change_request_create
from replication.services.service import service

if TYPE_CHECKING:
    from django.contrib.auth.models import User

__all__ = ["Edit", "change_request_propose_edit"]


@service
def change_request_propose_edit(
    *,
    actor: User,
    environment: Environment,
    team: Team | None,
    edit: Edit,
    title: str,
    description: str = "",
    change_request: ChangeRequest | None = None,
    seen: str = "",
) -> ChangeRequest:
    """Make `edit` in `change_request`, or, without one, in a new draft: both, or neither, if the edit is refused.

    `seen` is the hash of the document of `change_request` that the actor looked at: see `change_request_edit_as_seen`.
    An edit that changes nothing is refused too (`InvalidInput`), so that no empty draft is left behind.
    """
    if change_request is None:
        change_request = change_request_create(
            actor=actor, environment=environment, team=team, title=title, description=description
        )
    return change_request_edit_as_seen(actor=actor, change_request=change_request, seen=seen, edit=edit)
