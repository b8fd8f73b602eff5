"""The difference of two documents, table by table, for `components/table_changes.html`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from deploy_engine.diffing import DocumentDifference, EntryChange
from deploy_engine.diffing.documents import ChangeKind

SIGNS = {
    ChangeKind.ADDED: ("+", "add"),
    ChangeKind.REMOVED: ("−", "remove"),
    ChangeKind.RELOADED: ("↻", "reload"),
    ChangeKind.PAUSED: ("‖", "change"),
    ChangeKind.RESUMED: ("●", "add"),
}


NOTES = {
    ChangeKind.REMOVED: "What it has written stays in the lake.",
    ChangeKind.RELOADED: "Readers keep the old path until the new load has ended.",
    ChangeKind.PAUSED: "It leaves its task, and comes back only by a new load.",
    ChangeKind.RESUMED: "A table that was paused comes back by a full load.",
}
"""What else to know about a kind of change."""


@dataclass(frozen=True)
class TableChangeActs:
    """What may be done with a line: `take_back` gives the address where a POST takes the change back, or nothing where
    it cannot be; `comment` the address for a remark on the table (or nothing), and how many remarks there are.
    """

    take_back: Callable[[EntryChange], str]
    comment: Callable[[EntryChange], tuple[str, int]]


@dataclass(frozen=True)
class TableChangeLine:
    """One table; versions are empty where there is none.

    Its addresses are made when they are asked for: of a long list, only the lines that are shown are.
    """

    change: EntryChange
    symbol: str
    tone: str
    word: str
    name: str
    before: str
    after: str
    note: str = ""
    acts: TableChangeActs | None = None

    @property
    def remove_url(self) -> str:
        """Takes the edit back by POST; empty: it cannot."""
        return self.acts.take_back(self.change) if self.acts is not None else ""

    @property
    def comment_url(self) -> str:
        """Leads to the form for a remark on it; empty: nobody may remark."""
        return self.acts.comment(self.change)[0] if self.acts is not None else ""

    @property
    def comments(self) -> int:
        """How many remarks there are on it."""
        return self.acts.comment(self.change)[1] if self.acts is not None else 0


@dataclass
class TableChangeGroup:
    """The tables of one task."""

    task: str
    note: str = ""
    tables: list[TableChangeLine] = field(default_factory=list)


def table_change_groups(difference: DocumentDifference, acts: TableChangeActs | None = None) -> list[TableChangeGroup]:
    """All changes of tables under their tasks, by task name; a task that comes or goes stands there even if empty."""
    notes = dict.fromkeys(difference.tasks_added, "new task") | dict.fromkeys(difference.tasks_removed, "task removed")
    groups = {name: TableChangeGroup(name, note) for name, note in notes.items()}
    for change in difference.tables:
        groups.setdefault(change.task, TableChangeGroup(change.task)).tables.append(_line(change, acts))
    return [groups[name] for name in sorted(groups)]


def _line(change: EntryChange, acts: TableChangeActs | None) -> TableChangeLine:
    symbol, tone = SIGNS[change.kind]
    return TableChangeLine(
        change=change,
        symbol=symbol,
        tone=tone,
        word=change.kind.value,
        name=change.table,
        before=change.before.version if change.before is not None else "",
        after=change.after.version if change.after is not None else "",
        note=NOTES.get(change.kind, ""),
        acts=acts,
    )
