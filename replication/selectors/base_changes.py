"""What a change of an environment itself writes: values, the file in git, and the base stack's template."""

from __future__ import annotations

import json
from typing import Any

from deploy_engine.config import BaseDocument, Company, EnvironmentConfig, Subject
from deploy_engine.config.canonical import canonical_json
from deploy_engine.config.repository import environment_path
from deploy_engine.rendering import render_base_stack
from replication.documents import base_document_of
from replication.models import ChangeRequest
from replication.selectors.change_request_files import TextChange


def environment_values_changed(change_request: ChangeRequest) -> list[tuple[str, str, str]]:
    """(place, before, after) of each value that differs from what is accepted, as text; empty for what is not set."""
    return values_between(_before(change_request), change_request.document)


def values_between(one: dict[str, Any] | None, other: dict[str, Any]) -> list[tuple[str, str, str]]:
    """(place, before, after) of each value that differs in two documents of an environment."""
    before, after = _leaves(one), _leaves(other)
    return [
        (place, before.get(place, ""), after.get(place, ""))
        for place in dict.fromkeys((*before, *after))
        if before.get(place) != after.get(place)
    ]


def environment_file_changed(change_request: ChangeRequest) -> list[TextChange]:
    """The environment's file, where it differs."""
    before = _before(change_request)
    path = environment_path(change_request.environment.name)
    return _differing(
        path,
        canonical_json(base_document_of(before).environment) if before is not None else "",
        canonical_json(base_document_of(change_request.document).environment),
    )


def base_template_changed(change_request: ChangeRequest) -> list[TextChange]:
    """The base stack's template, where it differs."""
    before = _before(change_request)
    name = change_request.environment.name
    return _differing(
        f"{name}/base.template.json",
        _template(name, base_document_of(before)) if before is not None else "",
        _template(name, base_document_of(change_request.document)),
    )


def _before(change_request: ChangeRequest) -> dict[str, Any] | None:
    base = change_request.base_revision
    return base.document if base is not None else None


def _differing(title: str, before: str, after: str) -> list[TextChange]:
    return [TextChange(title, before, after)] if before != after else []


def _template(name: str, document: BaseDocument) -> str:
    company = Company({name: EnvironmentConfig(name, document.environment, {})})
    return render_base_stack(Subject(company, name, None)).text


def _leaves(value: Any, place: str = "") -> dict[str, str]:
    """Every value by its place below the environment, lists as one line."""
    if value is None:
        return {}
    if isinstance(value, dict):
        found: dict[str, str] = {}
        for key, item in value.items():
            found |= _leaves(item, place if key == "environment" else f"{place}/{key}".strip("/"))
        return found
    return {
        place: value if isinstance(value, str) else ", ".join(value) if isinstance(value, list) else json.dumps(value)
    }
