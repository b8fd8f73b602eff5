"""ReplicationTaskSettings: one default file for every task, with the few overrides that a task may make.

What the defaults say and why: dms-facts.md section 6. Most of all, nothing in them may make DMS delete from the lake.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from deploy_engine.config.task import TaskFile

_DEFAULTS = (Path(__file__).parent / "task_settings.json").read_text(encoding="utf-8")
_LOG_COMPONENTS = ("SOURCE_UNLOAD", "SOURCE_CAPTURE", "TARGET_LOAD", "TARGET_APPLY", "TASK_MANAGER")
PLACES = {
    "max_full_load_sub_tasks": ("FullLoadSettings", "MaxFullLoadSubTasks"),
    "lob_max_size": ("TargetMetadata", "LobMaxSize"),
    "commit_rate": ("FullLoadSettings", "CommitRate"),
    "memory_limit_total": ("ChangeProcessingTuning", "MemoryLimitTotal"),
}
"""Where in DMS's settings the overrides stand: section and key."""

DEFAULT_FULL_LOAD_SUB_TASKS: int = json.loads(_DEFAULTS)["FullLoadSettings"]["MaxFullLoadSubTasks"]
"""How many tables a task loads at once that says nothing of it."""


def default_settings() -> dict[str, dict[str, Any]]:
    """What every task has that overrides nothing, by section and key."""
    settings: dict[str, dict[str, Any]] = json.loads(_DEFAULTS)
    return settings


def full_load_sub_tasks(task: TaskFile) -> int:
    """How many tables the task loads at once: its own setting, else the default of every task."""
    own = task.settings.max_full_load_sub_tasks if task.settings else None
    return DEFAULT_FULL_LOAD_SUB_TASKS if own is None else own


def task_settings(task: TaskFile) -> str:
    """The task's settings as JSON text, minified. No log group or stream: DMS refuses them (dms-facts.md section 5)."""
    settings = default_settings()
    if task.settings is not None:
        for name, (section, key) in PLACES.items():
            value = getattr(task.settings, name)
            if value is not None:
                settings[section][key] = value
        severity = task.settings.logging_severity
        if severity is not None:
            settings["Logging"]["LogComponents"] = [
                {"Id": component, "Severity": severity.value} for component in _LOG_COMPONENTS
            ]
    return json.dumps(settings, separators=(",", ":"))
