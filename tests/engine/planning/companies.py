"""Team configs and edits of them, as hypothesis strategies: every edit that people make, with versions by the clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from hypothesis import strategies as st

from deploy_engine.config import Subject, next_version
from tests.engine.planning.building import NOW, subject, task

TASKS = ("search", "other")
TABLES = ("a", "b", "c")


@dataclass
class Drawn:
    """A config under edit. ``entries``: task -> table -> (version, paused); ``had``: every version of a table."""

    entries: dict[str, dict[str, tuple[str, bool]]] = field(default_factory=dict)
    paused: set[str] = field(default_factory=set)
    slow: set[str] = field(default_factory=set)
    large: bool = False
    had: dict[str, list[str]] = field(default_factory=dict)

    def fresh(self, table: str) -> str:
        """A version for a (re)load, as a form makes it."""
        earlier = self.had.setdefault(table, [])
        version = next_version(NOW + timedelta(minutes=3), earlier)
        assert version not in earlier
        earlier.append(version)
        return version

    def subject(self) -> Subject:
        tasks: Mapping[str, Mapping[str, object]] = {
            name: task(
                *(_entry(table, *of) for table, of in sorted(tables.items())),
                paused=name in self.paused,
                delivery="10min" if name in self.slow else "1min",
            )
            for name, tables in sorted(self.entries.items())
            if tables
        }
        return subject({"main": {"class": "dms.r5.large" if self.large else "dms.t3.medium"}}, **tasks)


def _entry(table: str, version: str, paused: bool) -> str:
    return f"{table}@{version}{'!' if paused else ''}"


_TABLE_EDITS = st.tuples(
    st.sampled_from(TASKS), st.sampled_from(TABLES), st.sampled_from(("load", "load", "load", "remove", "pause"))
)
_SWITCHES = st.frozensets(
    st.sampled_from((*TASKS, "instance", "clear-search", "clear-other", "move-search", "hop-search")), max_size=2
)
Edits = tuple[list[tuple[str, str, str]], frozenset[str]]
edits: st.SearchStrategy[Edits] = st.tuples(st.lists(_TABLE_EDITS, min_size=1, max_size=8), _SWITCHES)
"""One change request: what happens to which tables, which tasks change between paused and not, and so on; a task moves
to the other delivery class with new versions for its tables, or hops without, which only some plans can follow."""


def edited(drawn: Drawn, edits: Edits) -> Subject:
    """The config after one more change."""
    tables, switches = edits
    for name, table, edit in tables:
        _edit(edit, drawn, drawn.entries.setdefault(name, {}), table)
    for name in TASKS:
        drawn.paused ^= {name} & switches
        if f"clear-{name}" in switches:
            drawn.entries.pop(name, None)
        if {f"move-{name}", f"hop-{name}"} & switches:
            drawn.slow ^= {name}
        if f"move-{name}" in switches:
            for table, (_, paused) in drawn.entries.get(name, {}).items():
                drawn.entries[name][table] = (drawn.fresh(table), paused)
    drawn.large ^= "instance" in switches
    return drawn.subject()


def _edit(edit: str, drawn: Drawn, tables: dict[str, tuple[str, bool]], table: str) -> None:
    """``load`` adds a table, reloads one that is there, and unpauses a paused one."""
    if edit == "load":
        tables[table] = (drawn.fresh(table), False)
    elif edit == "remove":
        tables.pop(table, None)
    elif table in tables:
        tables[table] = (tables[table][0], True)
