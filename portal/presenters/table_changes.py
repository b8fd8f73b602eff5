"""The difference of two documents, table by table, for `components/table_changes.html`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

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
class TableChangeLine:
    """One table; versions are empty where there is none. `remove_url` takes the edit back by POST, empty: it cannot.

    `comment_url` leads to the form for a remark on it; `comments` is how many there are.
    """

    symbol: str
    tone: str
    word: str
    name: str
    before: str
    after: str
    note: str = ""
    remove_url: str = ""
    comment_url: str = ""
    comments: int = 0


@dataclass
class TableChangeGroup:
    """The tables of one task."""

    task: str
    note: str = ""
    tables: list[TableChangeLine] = field(default_factory=list)


def table_change_groups(
    difference: DocumentDifference,
    *,
    take_back: Callable[[EntryChange], str] | None = None,
    comment: Callable[[EntryChange], tuple[str, int]] | None = None,
) -> list[TableChangeGroup]:
    """All changes of tables under their tasks, by task name; a task that comes or goes stands there even if empty.

    `take_back` gives the address where a POST takes one change back, or nothing where it cannot be taken back;
    `comment` the address for a remark on the table, and how many there are.
    """
    notes = dict.fromkeys(difference.tasks_added, "new task") | dict.fromkeys(difference.tasks_removed, "task removed")
    groups = {name: TableChangeGroup(name, note) for name, note in notes.items()}
    for change in difference.tables:
        line = table_change_line(change, remove_url=take_back(change) if take_back is not None else "")
        if comment is not None:
            url, number = comment(change)
            line = replace(line, comment_url=url, comments=number)
        groups.setdefault(change.task, TableChangeGroup(change.task)).tables.append(line)
    return [groups[name] for name in sorted(groups)]


def table_change_line(change: EntryChange, *, remove_url: str = "") -> TableChangeLine:
    """One changed table."""
    symbol, tone = SIGNS[change.kind]
    return TableChangeLine(
        symbol=symbol,
        tone=tone,
        word=change.kind.value,
        name=change.table,
        before=change.before.version if change.before is not None else "",
        after=change.after.version if change.after is not None else "",
        note=NOTES.get(change.kind, ""),
        remove_url=remove_url,
    )
