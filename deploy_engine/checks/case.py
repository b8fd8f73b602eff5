"""The case: everything that one pass of checks and a plan rest on, gathered before either begins."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from deploy_engine.config import Subject
from deploy_engine.diffing import StackDifference, TaskConsequence, base_consequences, task_consequences
from deploy_engine.live import Observation, Unknown
from deploy_engine.rendering import RenderedTemplate


@dataclass(frozen=True)
class Case:
    """A subject with what was rendered from it and what AWS said.

    ``rendered`` is None where the config is too wrong to be rendered; ``difference`` is None where the deployed
    template could not be read, or nothing was rendered. ``sure`` are the ids of checks that are known to have nothing
    to say (``fleet.py``).
    """

    subject: Subject
    rendered: RenderedTemplate | None
    difference: StackDifference | None
    observation: Observation
    now: datetime
    sure: frozenset[str] = frozenset()

    @cached_property
    def consequences(self) -> tuple[TaskConsequence, ...] | Unknown:
        """What deploying means for each task of the stack (of the base: of all teams), or why that is not known."""
        tasks, statistics = self.observation.tasks, self.observation.statistics
        if self.difference is None:
            return Unknown("the deployed template is not known")
        if isinstance(tasks, Unknown):
            return tasks
        if self.subject.is_base:
            return base_consequences(self.difference, tasks)
        known = None if isinstance(statistics, Unknown) else statistics
        return task_consequences(self.subject, self.difference, tasks, known)
