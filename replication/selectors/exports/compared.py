"""Every line that differs between two moments: before, after, and who made it so."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from deploy_engine.config import TableEntry
from deploy_engine.diffing import EntryChange, SettingChange, table_place
from replication.selectors.company_moments import Within, scopes_changed, scopes_named
from replication.selectors.exports.columns import Behind, behind, team_word
from replication.selectors.moments import ConfigBetween, config_between, place_in_task


class _Line(NamedTuple):
    environment: str
    team: str
    task: str
    line: str
    change: str
    before: str
    after: str


COLUMNS = (*_Line._fields, *Behind._fields)


def rows(since: datetime, until: datetime, within: Within, *, task: str = "") -> Iterator[tuple[object, ...]]:
    """By environment and team, tables before settings; each scope is read when it is sent."""
    changed = [each.newest for each in scopes_changed(since, until, within)]
    for environment, team in scopes_named(changed):
        between = config_between(environment, team, since, until, task=task)
        for place, change, before, after in _changes(between):
            line = _Line(environment.name, team_word(team), *place_in_task(place), change, before, after)
            yield (*line, *behind(between.origins.get(place)))


def _changes(between: ConfigBetween) -> Iterator[tuple[str, str, str, str]]:
    for entry in between.difference.tables if between.difference is not None else ():
        yield _entry(entry)
    for setting in between.settings:
        yield setting.place, _word(setting), setting.before or "", setting.after or ""


def _entry(change: EntryChange) -> tuple[str, str, str, str]:
    place = table_place(change.task, change.table)
    return place, change.kind.value, _text(change.before), _text(change.after)


def _text(entry: TableEntry | None) -> str:
    """As a line of a config has it: `v202011191200`, or `v202011191200 paused`."""
    return "" if entry is None else f"{entry.version}{'' if entry.active else ' paused'}"


def _word(change: SettingChange) -> str:
    return "added" if change.before is None else "removed" if change.after is None else "changed"
