"""Proposing any edit: in a new draft, opened together with it, or in one that is open already."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from replication.errors import InvalidInput
from replication.models import ChangeRequest, Environment, Team
from replication.services.change_requests import change_request_create
from replication.services.inputs import input_finding
from replication.services.service import service

if TYPE_CHECKING:
    from django.contrib.auth.models import User

Edit = Callable[[ChangeRequest], ChangeRequest]
"""One of the editing services, with everything but the change request given."""


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
) -> ChangeRequest:
    """Make `edit` in `change_request`, or, without one, in a new draft: both, or neither, if the edit is refused.

    An edit that changes nothing is refused too (`InvalidInput`), so that no empty draft is left behind.
    """
    if change_request is None:
        change_request = change_request_create(
            actor=actor, environment=environment, team=team, title=title, description=description
        )
    before = change_request.document_hash
    edited = edit(change_request)
    if edited.document_hash == before:
        raise InvalidInput([input_finding("", "This would change nothing: it stands like that already.")])
    return edited
