"""Which tables a task takes when it begins to run, given what it knew before (`dms-facts.md` section 3)."""

from typing import TYPE_CHECKING

from deploy_engine.local_aws.dms import mappings
from deploy_engine.local_aws.dms.state import BEFORE_LOAD, COMPLETED, MISSING, UNFINISHED, TableRun, Task

if TYPE_CHECKING:
    from deploy_engine.local_aws.dms.sources.source import Source


def select_tables(task: Task, source: "Source") -> None:
    """Bring the task's tables in line with its mapping, as a start does.

    A table that the mapping no longer takes is forgotten. A known one keeps its place in the target, whatever its
    rename says now. A load that was not finished begins again; after ``reload-target`` every load does.
    """
    rules = mappings.parse(task.mappings)
    named = rules.named_tables()
    found = {(table.schema, table.table): table for table in source.tables(named)}
    selected: dict[tuple[str, str], TableRun] = {}
    for pair in sorted(set(found) | set(named)):
        order = rules.load_order(*pair)
        if order is None:
            continue
        known = task.tables.get(pair)
        if known is None or known.state == MISSING:
            schema, table = rules.target(*pair)
            rows = found[pair].rows if pair in found else 0
            known = TableRun(*pair, target_schema=schema, target_table=table, load_order=order, rows=rows)
        if pair not in found:
            known.state = MISSING
        elif task.migration_type == "cdc":
            known.state = COMPLETED
        elif known.state in UNFINISHED or task.start_type == "reload-target":
            _begin_again(task, known, found[pair].rows)
        selected[pair] = known
    task.tables = selected


def _begin_again(task: Task, table: TableRun, rows: int) -> None:
    table.reloaded = table.state == COMPLETED
    table.state = BEFORE_LOAD
    table.rows = rows
    table.files = 0
    table.load_started = table.load_ended = None
    if task.start_type == "reload-target":
        table.cached.clear()
