"""Editing what a team has beside its tables: sources, instances, and the settings of its tasks.

Every edit names only the values that change, so that two people who edit one draft do not undo each other; None takes
an optional value away.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from deploy_engine.config import Instance, Source, TaskSettings, TeamDocument, parse_value
from deploy_engine.config.names import Slug
from deploy_engine.config.strict_model import StrictModel
from deploy_engine.findings import Finding
from replication.errors import InvalidInput, NotFound
from replication.models import ChangeRequest
from replication.services.editing import document_replace, team_document_for_edit
from replication.services.inputs import input_finding
from replication.services.service import service
from replication.services.task_edit import TaskEdit

if TYPE_CHECKING:
    from django.contrib.auth.models import User


class PartKind(StrEnum):
    """What a team has beside its tasks, by its word in addresses and sentences."""

    SOURCE = "source"
    INSTANCE = "instance"

    @property
    def model(self) -> type[Source] | type[Instance]:
        """What one is made of."""
        return Source if self is PartKind.SOURCE else Instance

    def parts(self, document: TeamDocument) -> Mapping[str, Source] | Mapping[str, Instance]:
        """The document's, by name."""
        return document.team.sources if self is PartKind.SOURCE else document.team.instances


@service
def change_request_edit_part(
    *, actor: User, change_request: ChangeRequest, kind: PartKind, name: str, changes: Mapping[str, Any]
) -> ChangeRequest:
    """Change values of a source or an instance. `InvalidInput` points at `/<key>`; `NotFound` where there is none."""
    document = team_document_for_edit(actor=actor, change_request=change_request)
    part = kind.parts(document).get(name)
    if part is None:
        raise NotFound(f"There is no {kind} {name} in this change request.")
    value = {**part.model_dump(mode="json", by_alias=True, exclude_none=True), **changes}
    edited = _with_part(document, kind, name, value)
    sentence = f"changed the {kind} {name}: {', '.join(sorted(changes))}"
    return document_replace(actor=actor, change_request=change_request, document=edited, sentence=sentence)


@service
def change_request_add_part(
    *, actor: User, change_request: ChangeRequest, kind: PartKind, name: str, values: Mapping[str, Any]
) -> ChangeRequest:
    """Add a source or an instance. `InvalidInput` points at `/name` or `/<key>`."""
    document = team_document_for_edit(actor=actor, change_request=change_request)
    if name in kind.parts(document):
        message = f"The name {name} is taken by another {kind} already."
        raise InvalidInput([input_finding("name", message, found=name, allowed="another name")])
    added = _with_part(document, kind, name, values)
    return document_replace(
        actor=actor, change_request=change_request, document=added, sentence=f"added the {kind} {name}"
    )


@service
def change_request_edit_task_settings(
    *, actor: User, change_request: ChangeRequest, task: str, changes: Mapping[str, Any]
) -> ChangeRequest:
    """Override settings of a task, or leave them to Sluice's defaults again. `InvalidInput` points at `/<key>`."""
    edit = TaskEdit.begin(actor, change_request, task)
    file = edit.file
    before = file.settings.model_dump(mode="json", exclude_none=True) if file.settings is not None else {}
    settings = parse_value(TaskSettings, _without_none({**before, **changes}))
    if isinstance(settings, tuple):
        raise InvalidInput(settings)
    kept = settings if settings.model_dump(exclude_none=True) else None
    sentence = f"changed settings of the task {task}: {', '.join(sorted(changes))}"
    return edit.propose(file.model_copy(update={"settings": kept}), sentence)


class _NamedPart(StrictModel):
    name: Slug


def _with_part(document: TeamDocument, kind: PartKind, name: str, value: Mapping[str, Any]) -> TeamDocument:
    findings: list[Finding] = []
    named = parse_value(_NamedPart, {"name": name})
    part = parse_value(kind.model, _without_none(value))
    for parsed in (named, part):
        if isinstance(parsed, tuple):
            findings.extend(parsed)
    if findings:
        raise InvalidInput(findings)
    parts = dict(sorted({**kind.parts(document), name: part}.items()))
    team = document.team.model_copy(update={f"{kind}s": parts})
    return TeamDocument(team=team, tasks=document.tasks)


def _without_none(value: Mapping[str, Any]) -> dict[str, Any]:
    return {key: item for key, item in value.items() if item is not None}
