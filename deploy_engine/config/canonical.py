"""Canonical writing: the same value gives the same bytes; a reload is a one-line diff."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel

from deploy_engine.config.ledger import Ledger
from deploy_engine.config.task import TaskFile


def _plain(model: BaseModel) -> Any:
    return model.model_dump(mode="json", by_alias=True, exclude_defaults=True)


def _line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _block(lines: Iterable[str], opening: str, closing: str) -> str:
    body = ",\n    ".join(lines)
    return f"{opening}\n    {body}\n  {closing}" if body else opening + closing


def canonical_json(model: BaseModel) -> str:
    """Any file but a task's or a ledger: keys in the order of the schema, mappings by name, two spaces."""
    return json.dumps(_plain(model), ensure_ascii=False, indent=2) + "\n"


def canonical_task(task: TaskFile) -> str:
    """A task's file: one line per table."""
    value = _plain(task)
    tables = value.pop("tables")
    lines = [f"  {_line(key)}: {_line(item)}" for key, item in value.items()]
    lines.append('  "tables": ' + _block((_line(entry) for entry in tables), "[", "]"))
    return "{\n" + ",\n".join(lines) + "\n}\n"


def canonical_ledger(ledger: Ledger) -> str:
    """A ledger's file: one line per table."""
    tables = sorted(_plain(ledger).items())
    lines = [f"  {_line(identity)}: {_line(dict(sorted(versions.items())))}" for identity, versions in tables]
    return "{\n" + ",\n".join(lines) + "\n}\n" if lines else "{}\n"
