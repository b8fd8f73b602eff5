"""What a change of the base stack means for the tasks of all teams: whether they have to stand still for it.

A task writes through a lake endpoint, as the lake role, behind the security group: DMS lets the first not be modified
under a running task (dms-facts.md section 0, fact 7), and a write must not meet the others half changed. The subnet
group is used when an instance is made, and tags and descriptions are for people: they stop nobody.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

from deploy_engine.diffing.consequences import TaskConsequence
from deploy_engine.diffing.mappings import MappedTable, read_mappings
from deploy_engine.diffing.stacks import ENDPOINT, ROLE, SECURITY_GROUP, StackDifference, TaskDifference
from deploy_engine.live import RunState, TaskView

IN_USE = frozenset({ENDPOINT, ROLE, SECURITY_GROUP})
"""Types of the base stack that every running task uses all the time."""


def ground_of_all(difference: StackDifference) -> tuple[str, ...]:
    """The logical ids of what changes under every running task of the environment; empty where nothing does."""
    return tuple(name for name in difference.stirred if difference.types[name] in IN_USE)


def base_consequences(difference: StackDifference, tasks: Mapping[str, TaskView]) -> tuple[TaskConsequence, ...]:
    """One consequence per task that writes to the lake, by DMS name: what runs pauses and runs again, nothing else."""
    ground = ground_of_all(difference)
    if not ground:
        return ()
    return tuple(_consequence(view, ground) for _, view in sorted(tasks.items()))


def _consequence(view: TaskView, ground: tuple[str, ...]) -> TaskConsequence:
    tables = _tables(view.table_mappings)
    task = TaskDifference(
        view.name, "", existed=True, wanted=True, modified=False, before=tables, after=tables, ground=ground
    )
    ran = view.ever_ran or view.run_state is RunState.RUNNING
    return TaskConsequence(view.name, task, live=view.run_state, wanted=view.run_state, ever_ran=ran)


def _tables(mappings: str) -> tuple[MappedTable, ...]:
    try:
        return read_mappings(mappings)
    except (ValueError, KeyError, TypeError, AttributeError):
        return ()


def mapping_sha256(mappings: str) -> str:
    """A hash of what TableMappings say, blind to how they are written; of the very text where it is not JSON."""
    try:
        text = json.dumps(json.loads(mappings), sort_keys=True)
    except ValueError:
        text = mappings
    return hashlib.sha256(text.encode()).hexdigest()
