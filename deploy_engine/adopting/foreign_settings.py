"""A foreign task's settings: the few that a task of the config may have, and where others differ from Sluice's."""

from __future__ import annotations

import json
from typing import Any

from deploy_engine.config.problems import parse_value
from deploy_engine.config.task import TaskSettings
from deploy_engine.rendering.settings import PLACES, default_settings


def read_settings(text: str) -> tuple[dict[str, int], tuple[str, ...]]:
    """The task's own settings, and every other one that differs, as ``Section.Key 1 (Sluice: 2)``."""
    try:
        found = json.loads(text or "{}")
    except ValueError:
        return {}, ("they are no JSON",)
    own: dict[str, int] = {}
    unlike: list[str] = []
    names = {place: name for name, place in PLACES.items()}
    for section, defaults in default_settings().items():
        values = found.get(section) or {}
        for key, default in defaults.items():
            value = values.get(key, default)
            if value == default:
                continue
            name = names.get((section, key))
            if name is not None and _allowed(name, value):
                own[name] = value
            else:
                unlike.append(f"{section}.{key} {json.dumps(value)} (Sluice: {json.dumps(default)})")
    return own, tuple(unlike)


def _allowed(name: str, value: Any) -> bool:
    return isinstance(parse_value(TaskSettings, {name: value}), TaskSettings)
