"""Every line of every config at a moment: what it says, and who made it so."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from replication.selectors.company_moments import Within, scopes_as_of, scopes_named
from replication.selectors.exports.columns import Behind, behind, team_word
from replication.selectors.moments import config_as_of, place_in_task


class _Line(NamedTuple):
    environment: str
    team: str
    task: str
    line: str
    value: str


COLUMNS = (*_Line._fields, *Behind._fields)


def rows(moment: datetime, within: Within, *, task: str = "") -> Iterator[tuple[object, ...]]:
    """By environment, team and task, as the page has them; each scope is read when it is sent."""
    for environment, team in scopes_named(scopes_as_of(moment, within)):
        config = config_as_of(moment, environment, team, task=task)
        for each in config.lines if config is not None else ():
            line = _Line(environment.name, team_word(team), *place_in_task(each.place), each.value)
            yield (*line, *behind(each.origin))
