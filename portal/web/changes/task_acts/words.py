"""What pausing, resuming or removing a task means, in words."""

from __future__ import annotations

from enum import StrEnum

from deploy_engine.config import TaskFile, TeamDocument
from portal.presenters.words import counted


class TaskAct(StrEnum):
    """An act on a whole task, by its word in addresses."""

    PAUSE = "pause"
    RESUME = "resume"
    REMOVE = "remove"


def task_act_meaning(act: TaskAct, document: TeamDocument, task: str) -> tuple[str, ...]:
    """Plain sentences, the gravest first."""
    file = document.tasks[task]
    tables = counted(len(file.active_tables), "table")
    hours = _log_hours(document, file)
    return {
        TaskAct.PAUSE: (
            f"When this is deployed the task stops, and its {tables} fall behind; deployments leave it stopped.",
            f"Resumed, it goes on from where it stopped, and loads nothing again — within {hours}.",
        ),
        TaskAct.RESUME: (
            "When this is deployed the task goes on from where it stopped, and loads nothing again.",
            f"If it stood still for longer than {hours}, DMS cannot go on, and its tables have to be reloaded.",
        ),
        TaskAct.REMOVE: (
            f"Replication of its {tables} ends, and with the task goes DMS's knowledge of where it stood.",
            "What its tables have written stays in the lake: Sluice never deletes anything there.",
            "Its tables can return later, in any task, under new versions and by full loads.",
        ),
    }[act]


def anew_meaning(file: TaskFile, task: str) -> tuple[str, ...]:
    """What making a task anew means, the gravest first; its name in DMS stays."""
    active = len(file.active_tables)
    tables = counted(active, "table")
    reload = "reloads" if active == 1 else "reload"
    sentences = [
        f"DMS can change neither of a task: {task} is removed and made anew under its name, in two steps.",
        f"Its {tables} {reload} from scratch, each under a new version from the clock and into a new folder.",
        "Until a table is loaded again, readers of the lake have its old version, and nothing new.",
    ]
    return tuple(sentences) if active else tuple(sentences[:1])


def why_not(act: TaskAct, file: TaskFile) -> str:
    """Why the act makes no sense for the task, or nothing."""
    if act is TaskAct.PAUSE and file.paused:
        return "It is paused already."
    if act is TaskAct.RESUME and not file.paused:
        return "It is not paused."
    return ""


def _log_hours(document: TeamDocument, file: TaskFile) -> str:
    source = document.team.sources.get(file.source)
    kept = f"the {source.log_retention_hours} h" if source is not None else "the time"
    return f"{kept} for which {file.source} keeps its log"
