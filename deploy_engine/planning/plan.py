"""Plans: what deploying a config would do, step by step, with its side effects.

A plan is a value. It has two JSON forms: :meth:`Plan.as_json` for people and scripts (a stable contract), and the full
record (``plan_record.py``) that a deployment is run from.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

PLAN_FORMAT = 1
"""Goes up when the record's shape changes; older formats stay readable (docs/reliability.md, fault 32)."""


class Flavour(StrEnum):
    """How many steps a plan has; two where a table that stays in its task changes version."""

    NONE = "none"
    SINGLE_STEP = "single-step"
    TWO_STEP = "two-step"


class EffectKind(StrEnum):
    """The side effects that a plan names, worst first."""

    REMOVE_TASK = "remove-task"
    REMOVE_TABLE = "remove-table"
    PAUSE_TABLE = "pause-table"
    RELOAD = "reload"
    GIVE_UP_LOAD = "give-up-load"
    LOAD = "load"
    RETIRE_VERSION = "retire-version"
    STAY_STOPPED = "stay-stopped"
    PAUSE = "pause"
    RESUME = "resume"
    CREATE_TASK = "create-task"
    DELETE_STACK = "delete-stack"


@dataclass(frozen=True)
class SideEffect:
    """One consequence in a plain sentence; ``task`` and ``table`` (identity) name what it is about, where anything."""

    kind: EffectKind
    task: str
    table: str
    message: str
    estimate_seconds: int | None = None


@dataclass(frozen=True)
class Load:
    """A table that a step makes start loading: its DMS task, identity, version and the prefix that must be empty."""

    task: str
    table: str
    version: str
    prefix: str


@dataclass(frozen=True)
class Resources:
    """CloudFormation's logical ids by what a step does with them."""

    add: tuple[str, ...] = ()
    modify: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()
    replace: tuple[str, ...] = ()
    """Announced replacements, a subset of ``modify``; never a task, endpoint or instance in a single step."""

    @property
    def any(self) -> bool:
        return bool(self.add or self.modify or self.remove)


@dataclass(frozen=True)
class Step:
    """One pass of stop, execute, start. Tasks are DMS names.

    ``pause``: running tasks that are stopped first. ``resume``: existing tasks that run afterwards. ``start``: tasks
    that this step creates and starts for the first time. ``stay_stopped``: tasks of the change that the config wants
    stopped. ``template`` is what is deployed; its text is the whole truth of the step.
    """

    pause: tuple[str, ...]
    resume: tuple[str, ...]
    start: tuple[str, ...]
    stay_stopped: tuple[str, ...]
    tables_add: tuple[str, ...]
    tables_remove: tuple[str, ...]
    resources: Resources
    loads: tuple[Load, ...]
    template: str
    expected_tables: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """For each touched task that should run afterwards: the ``schema.table`` names that DMS then lists."""

    given_up: tuple[tuple[str, str], ...] = ()
    """DMS task and ``schema.table`` of the loads that are given up with their folder: the task may stop over them."""

    mappings_kept: tuple[tuple[str, str], ...] = ()
    """Of the base scope: for each task that pauses the hash of the mapping that it runs with, before and after."""

    def as_json(self) -> dict[str, Any]:
        return {
            "pause": list(self.pause),
            "resume": list(self.resume),
            "start": list(self.start),
            "stay_stopped": list(self.stay_stopped),
            "tables": {"add": list(self.tables_add), "remove": list(self.tables_remove)},
            "resources": {
                "add": list(self.resources.add),
                "modify": list(self.resources.modify),
                "remove": list(self.resources.remove),
            },
        }


@dataclass(frozen=True)
class Plan:
    """What deploying would do to one stack.

    ``deployed_sha256`` is the hash of the template found deployed ("" for none): a deployment that finds another one is
    stale. ``first_deployment`` tells that the stack is to be created. ``pause_estimate_seconds`` is over all steps.
    """

    environment: str
    stack: str
    team: str | None
    flavour: Flavour
    steps: tuple[Step, ...]
    side_effects: tuple[SideEffect, ...]
    not_affected: str
    deployed_sha256: str
    first_deployment: bool
    lake_bucket: str
    pause_estimate_seconds: int
    fingerprint: str
    templates_bucket: str = ""
    """Where templates are put for CloudFormation to read; never the lake."""
    locks: tuple[str, ...] = ()
    """The stacks that no other deployment may touch meanwhile, by name; where it is empty, the plan's own alone."""

    plan_format: int = PLAN_FORMAT

    @property
    def claims(self) -> tuple[str, ...]:
        """The stacks that a deployment of this plan holds, in the order in which they are taken."""
        return tuple(sorted({self.stack, *self.locks}))

    @property
    def paused_tasks(self) -> tuple[str, ...]:
        return tuple(sorted({task for step in self.steps for task in step.pause}))

    @property
    def loading(self) -> frozenset[str]:
        """The tables that begin to load, by identity."""
        return frozenset(load.table for step in self.steps for load in step.loads)

    def as_json(self) -> dict[str, Any]:
        """The published form of ``plan --json`` (docs/command-line.md)."""
        return {
            "flavour": self.flavour.value,
            "steps": [step.as_json() for step in self.steps],
            "side_effects": [
                {
                    "kind": effect.kind.value,
                    "task": effect.task,
                    "table": effect.table,
                    "message": effect.message,
                    "estimate_seconds": effect.estimate_seconds,
                }
                for effect in self.side_effects
            ],
            "fingerprint": self.fingerprint,
        }
