"""Editing what an environment's file says: in a change request of its base scope, like any other edit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from deploy_engine.config import BaseDocument, document_to_json, parse_value
from replication.documents import base_document_of
from replication.errors import InvalidInput, NotFound
from replication.models import ChangeRequest
from replication.selectors.environments import base_was_deployed
from replication.services.editing import document_replace, lock_for_edit
from replication.services.inputs import input_finding
from replication.services.service import service

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from deploy_engine.findings import Finding

FROZEN = {
    "account": "the stacks, and all that they hold, are in the account that they were made in",
    "region": "the stacks, and all that they hold, are in the region that they were made in",
    "lake_bucket": "every table's data lies in the bucket that its tasks have written to",
}
"""What stays as it was once the base stack was deployed, and why; another one of them is another environment."""

_GROUPS = ("network", "roles")


@service
def change_request_edit_environment(
    *, actor: User, change_request: ChangeRequest, changes: Mapping[str, Any]
) -> ChangeRequest:
    """Change values of the environment's file, by place: `{"network.vpc": "vpc-…"}`; None takes one away.

    `InvalidInput` points at `/network.vpc`; for one line of a list at `/network.subnets/1`. `NotFound` for a team's.
    """
    lock_for_edit(actor=actor, change_request=change_request)
    if change_request.team is not None:
        raise NotFound("A team's change has no environment to edit.")
    document = base_document_of(change_request.document)
    _refuse_frozen(change_request, document, changes)
    edited = environment_document(document_to_json(document), changes)
    sentence = f"changed the environment: {', '.join(sorted(changes)) or 'nothing'}"
    return document_replace(actor=actor, change_request=change_request, document=edited, sentence=sentence)


def environment_document(value: dict[str, Any], changes: Mapping[str, Any]) -> BaseDocument:
    """`value` (a base document as JSON) with `changes` made in it. `InvalidInput` as above."""
    for place, given in changes.items():
        holder = value.setdefault("environment", {})
        *path, key = place.split(".")
        for name in path:
            holder = holder.setdefault(name, {})
        holder[key] = given
    parsed = parse_value(BaseDocument, value)
    if isinstance(parsed, tuple):
        raise InvalidInput([replace(finding, pointer=_place(finding)) for finding in parsed])
    return parsed


def _place(finding: Finding) -> str:
    """`/environment/network/subnets/1` is the second line of the field `network.subnets`."""
    head, *rest = finding.pointer.removeprefix("/environment").strip("/").split("/")
    if head in _GROUPS and rest:
        head, rest = f"{head}.{rest[0]}", rest[1:]
    return "/".join(["", head, *rest])


def _refuse_frozen(change_request: ChangeRequest, document: BaseDocument, changes: Mapping[str, Any]) -> None:
    before = document.environment
    moved = [name for name in FROZEN if name in changes and changes[name] != getattr(before, name)]
    if moved and base_was_deployed(change_request.environment):
        raise InvalidInput(
            [
                input_finding(
                    name,
                    f"It stays {getattr(before, name)} now that the base stack is deployed: {FROZEN[name]}.",
                    found=str(changes[name]),
                    allowed=str(getattr(before, name)),
                    remedy="make another environment",
                )
                for name in moved
            ]
        )
