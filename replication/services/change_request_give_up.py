"""Naming the runaway loads that a change may break off, because it abandons their folders: the platform team's act.

It says nothing about what should run, so it stands beside the document and not in it. Whoever names a load has had a
part in the change, so somebody else approves it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from replication.choices import AuditKind
from replication.errors import InvalidInput
from replication.models import ChangeRequest
from replication.policies import can_give_up_loads, require
from replication.selectors.giving_up import tables_to_give_up
from replication.services.actors import actor_name
from replication.services.audit import audit_write
from replication.services.checks import check_run_create
from replication.services.editing import lock_for_edit, record_edit
from replication.services.inputs import input_finding, required_reason
from replication.services.moving import change_request_move
from replication.services.service import service
from replication.services.voiding import reviews_void
from replication.transitions import Act

if TYPE_CHECKING:
    from django.contrib.auth.models import User


@service
def change_request_give_up(
    *, actor: User, change_request: ChangeRequest, tables: Iterable[str], reason: str
) -> ChangeRequest:
    """Let exactly ``tables`` (identities; none takes it all back) be given up: approvals fall, checks run again."""
    require(can_give_up_loads(actor, change_request))
    reason = required_reason(reason, act="giving up a load")
    lock_for_edit(actor=actor, change_request=change_request)
    named = sorted(set(tables))
    possible = tables_to_give_up(change_request)
    for table in named:
        if table not in possible:
            message = f"{table} keeps its folder in this change, so its load cannot be given up."
            raise InvalidInput([input_finding("tables", message, allowed=", ".join(possible) or "no table")])
    if named == change_request.given_up:
        return change_request
    change_request.given_up = named
    words = f"gives up the load of {', '.join(named)}" if named else "gives up no load any more"
    change_request_move(change_request=change_request, act=Act.EDIT, actor=actor, reason=words[:200])
    record_edit(actor=actor, change_request=change_request, sentence=words[:500])
    reviews_void(change_request=change_request, actor=actor, reason="other loads are given up")
    check_run_create(change_request=change_request, actor=actor)
    audit_write(
        actor=actor,
        kind=AuditKind.LOADS_GIVEN_UP,
        change_request=change_request,
        sentence=f"{actor_name(actor)} {words} in #{change_request.number}: {reason}",
        data={"tables": named},
    )
    return change_request
