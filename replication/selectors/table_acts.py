"""What people do with tables that are replicated, and to which of the chosen ones an act can be applied at all.

This says only what a document itself rules out, so that nobody proposes what cannot be; whether a proposal may be
deployed is the checks' business.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from deploy_engine.config import TableEntry, TaskFile, TeamDocument


class TableAct(StrEnum):
    """An act on tables, by its word in addresses and forms."""

    RELOAD = "reload"
    BESIDE = "reload-beside"
    PAUSE = "pause"
    RESUME = "resume"
    MOVE = "move"
    REMOVE = "remove"

    @property
    def label(self) -> str:
        """The act as a button says it."""
        return "Reload without a gap" if self is TableAct.BESIDE else self.value.capitalize()

    @property
    def loads(self) -> bool:
        """Whether the tables begin a full load under a new version."""
        return self in {TableAct.RELOAD, TableAct.BESIDE, TableAct.RESUME, TableAct.MOVE}


SELECTION_ACTS = tuple(act for act in TableAct if act is not TableAct.BESIDE)
"""What is done to ticked tables; a reload without a gap is one of two ways to reload, chosen on the reload's page."""

NEW_TASK = "+"
"""The `target` of a reload without a gap in a task that is still to be made; no task can be called so."""


@dataclass(frozen=True, order=True)
class ChosenTable:
    """One table of one task; `identity` is source/schema/table."""

    task: str
    identity: str

    @property
    def source(self) -> str:
        """The source that it is read from."""
        return self.identity.split("/", 1)[0]

    @property
    def name(self) -> str:
        """`barcodes`: the table alone, as it is typed to confirm."""
        return self.identity.rsplit("/", 1)[-1]


@dataclass(frozen=True)
class OutOfReach:
    """A chosen table that the act cannot be applied to, and why, as the rest of a sentence about it."""

    table: ChosenTable
    reason: str


@dataclass(frozen=True)
class TableActReach:
    """The tables that an act applies to, and those it does not."""

    applies: tuple[ChosenTable, ...]
    cannot: tuple[OutOfReach, ...]


@dataclass(frozen=True)
class _Case:
    """One chosen table as it stands in the document."""

    table: ChosenTable
    entry: TableEntry
    document: TeamDocument
    accepted: TeamDocument | None
    target: str


def table_act_reach(
    act: TableAct,
    tables: Iterable[ChosenTable],
    *,
    document: TeamDocument,
    accepted: TeamDocument | None = None,
    target: str = "",
) -> TableActReach:
    """Split `tables` by whether `act` applies to them in `document`.

    `accepted`, where `document` is a draft, tells what the draft did already. `target` is the task to move to, or to
    load in without a gap; while none is chosen, a table can be moved if any other task reads its source.
    """
    applies: list[ChosenTable] = []
    cannot: list[OutOfReach] = []
    for table in sorted(set(tables)):
        entry = entry_of(document, table)
        if table.task not in document.tasks:
            reason = f"its task {table.task} is removed there"
        elif entry is None:
            reason = f"it is not in {table.task} there any more"
        else:
            reason = _RULES[act](_Case(table, entry, document, accepted, target))
        if reason:
            cannot.append(OutOfReach(table, reason))
        else:
            applies.append(table)
    return TableActReach(tuple(applies), tuple(cannot))


def move_targets(document: TeamDocument, tables: Iterable[ChosenTable]) -> list[str]:
    """The tasks that at least one of the tables could move to, by name."""
    return sorted({name for table in tables for name in _other_tasks(document, table)})


def beside_targets(document: TeamDocument, tables: Iterable[ChosenTable]) -> list[str]:
    """The tasks in which at least one of the tables could load without a gap; and a new one, which reads one source."""
    chosen = list(tables)
    running = [name for name in move_targets(document, chosen) if not document.tasks[name].paused]
    return [*running, NEW_TASK] if len({table.source for table in chosen}) == 1 else running


def entry_of(document: TeamDocument | None, table: ChosenTable) -> TableEntry | None:
    """The table's entry in its task, or None where the document has none."""
    file = document.tasks.get(table.task) if document is not None else None
    return _entry_in(file, table.identity) if file is not None else None


def _entry_in(file: TaskFile, identity: str) -> TableEntry | None:
    return next((entry for entry in file.tables if entry.source == identity), None)


def _other_tasks(document: TeamDocument, table: ChosenTable) -> list[str]:
    return [name for name, file in document.tasks.items() if file.source == table.source and name != table.task]


def _why_not_reload(case: _Case) -> str:
    if case.entry.paused:
        return "it is paused: resume it, which is a reload too"
    before = entry_of(case.accepted, case.table)
    if before is not None and before.version != case.entry.version:
        return f"it gets a new version there already, {case.entry.version}"
    return _why_not_load(case)


def _why_not_pause(case: _Case) -> str:
    return "it is paused already" if case.entry.paused else ""


def _why_not_resume(case: _Case) -> str:
    return _why_not_load(case) if case.entry.paused else "it is not paused"


def _why_not_load(case: _Case) -> str:
    """DMS forgets a table only while its task runs without it (the check `reload.task-can-run`)."""
    if case.document.tasks[case.table.task].paused:
        return f"its task {case.table.task} is paused, and only a running task can load it anew: resume the task first"
    return ""


def _why_not_move(case: _Case) -> str:
    return "it is paused: resume it first" if case.entry.paused else _why_not_in(case)


def _why_not_in(case: _Case) -> str:
    """Why the table cannot come to the target, another task of the same source."""
    target, source = case.target, case.table.source
    others = _other_tasks(case.document, case.table)
    if not others:
        reason = f"no other task reads {source}: make a new task first"
    elif target == case.table.task:
        reason = f"it is in {target} already"
    elif target and target not in others:
        reason = f"{target} does not read {source}"
    elif target and _entry_in(case.document.tasks[target], case.table.identity) is not None:
        reason = f"{target} has it already"
    else:
        reason = ""
    return reason


def _why_not_beside(case: _Case) -> str:
    target = case.target
    newer = [
        f"{entry.version} in {name}"
        for name, entry in case.document.entries
        if entry.source == case.table.identity and entry.active and entry.version > case.entry.version
    ]
    if case.entry.paused:
        return "it is paused: resume it, which is a reload too"
    if newer:
        return f"a newer version stands beside it already: {' and '.join(newer)}"
    if target == NEW_TASK:
        return ""
    if target in case.document.tasks and case.document.tasks[target].paused:
        return f"{target} is paused, and only a running task can load it: resume that task first"
    return _why_not_in(case)


def _never(case: _Case) -> str:
    return ""


_RULES: Mapping[TableAct, Callable[[_Case], str]] = {
    TableAct.RELOAD: _why_not_reload,
    TableAct.BESIDE: _why_not_beside,
    TableAct.PAUSE: _why_not_pause,
    TableAct.RESUME: _why_not_resume,
    TableAct.MOVE: _why_not_move,
    TableAct.REMOVE: _never,
}
