"""Moving a change request along its table of transitions: the one place that writes its state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from replication.models import ChangeRequest
from replication.services.rows import row_save
from replication.transitions import Act, transition_target

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def change_request_move(*, change_request: ChangeRequest, act: Act, actor: User | None, reason: str) -> None:
    """Take the step that `act` is, and save; raises `WrongState` where it has no meaning."""
    change_request.state = transition_target(change_request.state, act)
    change_request.updated_at = timezone.now()
    row_save(change_request, actor=actor, reason=reason, change_request=change_request)
