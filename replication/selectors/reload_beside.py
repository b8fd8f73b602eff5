"""What a task that is made for a reload without a gap is called, and how hard it may read its source."""

from __future__ import annotations

import re
from itertools import count

from deploy_engine.config import TaskFile, TeamDocument
from deploy_engine.rendering import full_load_sub_tasks

_LONGEST_STEM = 26
"""Names of tasks have 30 characters at most, and a number follows."""


def name_for_new_task(document: TeamDocument, task: str) -> str:
    """A free name for a task that takes over from `task`: `foodsearch`, `foodsearch-2`, `foodsearch-3` …"""
    stem = re.sub(r"-[0-9]+$", "", task)[:_LONGEST_STEM]
    names = (stem if number == 1 else f"{stem}-{number}" for number in count(1))
    return next(name for name in names if name not in document.tasks)


def fitted_sub_tasks(document: TeamDocument, file: TaskFile) -> int:
    """How many tables a task made after `file` loads at once: as many as that one, within what its source bears."""
    return min(full_load_sub_tasks(file), document.team.sources[file.source].loads_at_once)
