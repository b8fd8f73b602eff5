"""From a document as the database keeps it to the engine's typed one."""

from __future__ import annotations

from typing import Any

from deploy_engine.config import (
    BaseDocument,
    Document,
    TeamDocument,
    base_document_from_json,
    team_document_from_json,
)


def team_document_of(value: Any) -> TeamDocument:
    """A team's document; what the database keeps always fits, so `InvalidConfig` here is a defect."""
    return team_document_from_json(value)


def base_document_of(value: Any) -> BaseDocument:
    """A base scope's document; what the database keeps always fits."""
    return base_document_from_json(value)


def document_of(value: Any, *, is_base: bool) -> Document:
    """Either of both."""
    return base_document_of(value) if is_base else team_document_of(value)
