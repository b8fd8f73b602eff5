"""A table that stands in two tasks of its source: a reload without a gap, from its second load to its first's end.

Each task writes a folder of its own, so neither knows of the other; what people want to hear is what the two mean
together (docs/decisions/0012-reloads-without-a-gap.md).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from deploy_engine.diffing import MappedTable, TaskConsequence
from deploy_engine.live import RunState, TableStatistics
from deploy_engine.planning.estimates import Sources, last_load, load_estimate
from deploy_engine.planning.plan import EffectKind, SideEffect
from deploy_engine.planning.wording import tables

Statistics = Mapping[str, tuple[TableStatistics, ...]]
_LOADED = "Table completed"


def _elsewhere(
    tasks: Sequence[TaskConsequence], name: str, table: MappedTable
) -> Iterator[tuple[TaskConsequence, MappedTable]]:
    """The same table in other tasks, as the config wants them."""
    for task in tasks:
        for other in task.difference.after if task.name != name else ():
            if other.identity == table.identity:
                yield task, other


def goes_on_meanwhile(
    tasks: Sequence[TaskConsequence], name: str, table: MappedTable
) -> tuple[TaskConsequence, MappedTable] | None:
    """The task that goes on delivering an older version while ``table`` loads in the task ``name``."""
    found = [
        (task, other)
        for task, other in _elsewhere(tasks, name, table)
        if other.version < table.version and other in task.difference.kept and task.wanted is RunState.RUNNING
    ]
    return max(found, key=lambda pair: pair[1].version, default=None)


def successor_of(
    tasks: Sequence[TaskConsequence], name: str, table: MappedTable
) -> tuple[TaskConsequence, MappedTable] | None:
    """The task that delivers a newer version of ``table``, which leaves the task ``name``."""
    found = [(task, other) for task, other in _elsewhere(tasks, name, table) if other.version > table.version]
    return max(found, key=lambda pair: pair[1].version, default=None)


def second_load(
    task: TaskConsequence,
    table: MappedTable,
    tasks: Sequence[TaskConsequence],
    statistics: Statistics,
    sources: Sources,
) -> SideEffect | None:
    """What loading ``table`` beside its older version means; None where none goes on."""
    meanwhile = goes_on_meanwhile(tasks, task.name, table)
    if meanwhile is None:
        return None
    holder, older = meanwhile
    took, seconds = load_estimate(table, last_load(older, statistics.get(holder.name)), sources)
    message = (
        f"{table.identity} loads a second time, into {table.prefix}, while {older.version} goes on in {holder.name}: "
        f"no gap, but its source is read once more: {took}"
    )
    return SideEffect(EffectKind.LOAD, task.name, table.identity, message, seconds)


def removal(
    task: TaskConsequence,
    table: MappedTable,
    tasks: Sequence[TaskConsequence],
    statistics: Statistics,
    paused: Collection[str],
) -> SideEffect:
    """What it means that ``table`` leaves ``task``: a pause, the end of its replication, or of its older version alone.

    ``paused`` are the identities that stay in the task's config, paused.
    """
    successor = successor_of(tasks, task.name, table)
    stays = f"its data stays under {table.prefix}"
    if successor is None and table.identity in paused:
        message = f"{table.identity} pauses: it leaves {task.name}, and comes back only by a new load; {stays}"
        return SideEffect(EffectKind.PAUSE_TABLE, task.name, table.identity, message)
    if successor is None:
        message = f"{table.identity} stops being replicated; {stays}"
        return SideEffect(EffectKind.REMOVE_TABLE, task.name, table.identity, message)
    holder, newer = successor
    loaded = any(seen.state == _LOADED for seen in statistics.get(holder.name, ()) if _is(seen, newer))
    ends = f"{table.identity} ends in {task.name} as {table.version}"
    if loaded and newer in holder.difference.kept and holder.wanted is RunState.RUNNING:
        message = f"{ends} and goes on in {holder.name} as {newer.version}, which is loaded: no gap; {stays}"
        return SideEffect(EffectKind.RETIRE_VERSION, task.name, table.identity, message)
    message = f"{ends} before {newer.version} in {holder.name} is loaded: nothing new arrives until then; {stays}"
    return SideEffect(EffectKind.REMOVE_TABLE, task.name, table.identity, message)


def task_removal(
    task: TaskConsequence, tasks: Sequence[TaskConsequence], statistics: Statistics, paused: Collection[str]
) -> SideEffect:
    """What it means that a whole task goes: the end of replication, unless every table of it goes on elsewhere."""
    count = tables(len(task.difference.before))
    ends = [removal(task, table, tasks, statistics, paused) for table in task.difference.before]
    if ends and all(end.kind is EffectKind.RETIRE_VERSION for end in ends):
        message = f"{task.name} is removed, for its {count} went on elsewhere; its data in S3 stays"
    elif ends and all(end.kind is EffectKind.PAUSE_TABLE for end in ends):
        message = f"{task.name} is removed while its {count} pause: DMS has no task without one; its data in S3 stays"
    else:
        message = f"{task.name} is removed with its {count}: replication ends, its data in S3 stays"
    return SideEffect(EffectKind.REMOVE_TASK, task.name, "", message)


def _is(seen: TableStatistics, table: MappedTable) -> bool:
    return (seen.schema, seen.table) == table.key


def standing_beside(tasks: Sequence[TaskConsequence]) -> frozenset[str]:
    """DMS names of tasks that hold another version of a table that loads or leaves elsewhere: their loads matter."""
    moving = {table.identity for task in tasks for table in (*task.loads, *task.difference.removed)}
    return frozenset(task.name for task in tasks if any(table.identity in moving for table in task.difference.kept))
