"""``drift.none``: what runs is what the last deployment left; nobody used the console.

Three ways: what was last deployed, what runs, and what is wanted. A plan is made over what was deployed; over anything
else it would load a table that DMS knows already, or overwrite what somebody meant. Compared by meaning, and only on
what Sluice sets.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from deploy_engine.checks.case import Case
from deploy_engine.checks.check import Check, CouldNotRun, Example, Part
from deploy_engine.checks.places import scope_place, task_named, task_place
from deploy_engine.checks.sample import BARCODES, BRANDS, TASK, sample_case, sample_subject, sample_task
from deploy_engine.diffing import MappedTable, read_mappings
from deploy_engine.diffing.settings import changed_settings
from deploy_engine.diffing.stacks import TASK as TASK_TYPE
from deploy_engine.findings import Finding, Status
from deploy_engine.live import StackView, TaskView, Unknown

ID = "drift.none"
_REMEDY = "put it back in DMS as it was; what should stay goes into the config, and is deployed from there"
_ALLOWED = "what the last deployment left"


def _tables(mappings: str) -> frozenset[MappedTable] | None:
    try:
        return frozenset(read_mappings(mappings))
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _names(tables: frozenset[MappedTable]) -> str:
    return ", ".join(f"{table.schema}.{table.table} into {table.folder}" for table in sorted(tables))


def _wanted(case: Case, task: str) -> frozenset[MappedTable]:
    difference = case.difference.tasks.get(task) if case.difference else None
    return frozenset(difference.after) if difference else frozenset()


def _of_tables(case: Case, view: TaskView, deployed: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """(message, found) for the tables that the task runs with, where they are others than those deployed."""
    left, runs = _tables(deployed["TableMappings"]), _tables(view.table_mappings)
    if runs is None:
        yield f"{view.name} runs with table mappings that Sluice did not write", "other mappings"
        return
    changes = {"replicates": runs - (left or frozenset()), "does not replicate": (left or frozenset()) - runs}
    same = ", as this change wants it too" if runs == _wanted(case, view.name) else ""
    for verb, tables in changes.items():
        if tables:
            yield f"{view.name} {verb} {_names(tables)}, which nobody deployed{same}", _names(tables)


def _of_settings(view: TaskView, deployed: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    try:
        changed = changed_settings(deployed["ReplicationTaskSettings"], view.settings)
    except ValueError:
        yield f"{view.name} runs with settings that Sluice did not write", "other settings"
        return
    for name, was_set, runs in changed:
        yield f"{view.name} runs with {name} {runs}, and was deployed with {was_set}", f"{name}: {runs}"


def _of_task(case: Case, view: TaskView | None, deployed: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    name = deployed["ReplicationTaskIdentifier"]
    if view is None:
        yield f"{name} was deployed, and DMS does not know it any more", "no such task"
        return
    if not view.table_mappings:
        raise CouldNotRun(f"with which tables {name} runs was not asked")
    yield from _of_tables(case, view, deployed)
    yield from _of_settings(view, deployed)


def _run(case: Case) -> Iterator[Finding]:
    stack, tasks = case.observation.stack, case.observation.tasks
    if isinstance(stack, Unknown) or isinstance(tasks, Unknown):
        raise CouldNotRun("what runs is not known")
    if case.subject.is_base or stack is None or stack.template is None:
        return
    for resource in stack.template["Resources"].values():
        if resource["Type"] == TASK_TYPE:
            name = resource["Properties"]["ReplicationTaskIdentifier"]
            found = task_named(case.subject, name)
            place = task_place(case.subject, found[0]) if found else scope_place(case.subject)
            for message, runs in _of_task(case, tasks.get(name), resource["Properties"]):
                yield Finding(ID, Status.FAILED, message, place.file, place.pointer, _REMEDY, runs, _ALLOWED)


def _console_change(*tables: tuple[str, str]) -> Case:
    """The sample, deployed with barcodes, while the task runs with ``tables``."""
    case = sample_case(deployed=sample_subject())
    other = sample_case(deployed=sample_subject({"foodsearch": sample_task(tables)}))
    stack, runs = case.observation.stack, other.observation.tasks
    if not isinstance(stack, StackView) or isinstance(runs, Unknown):
        raise TypeError("the sample is deployed")
    return replace(case, observation=replace(case.observation, tasks={TASK: runs[TASK]}))


CHECK = Check(
    id=ID,
    title="What runs is what was deployed",
    severity=Status.FAILED,
    remedy=_REMEDY,
    run=_run,
    needs=frozenset({Part.DIFFERENCE, Part.STACK, Part.TASKS}),
    reads=("cloudformation:GetTemplate", "dms:DescribeReplicationTasks"),
    good=Example("a task that runs as it was deployed", lambda: _run(_console_change(BARCODES))),
    bad=Example(
        "a task to which somebody added a table in the console", lambda: _run(_console_change(BARCODES, BRANDS))
    ),
)
