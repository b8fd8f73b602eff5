"""How large a company is, and names as long as the config language lets them be."""

from __future__ import annotations

from dataclasses import dataclass

LONGEST_SLUG = 30
LONGEST_TEAM = 20
LONGEST_NAME = 63
LONGEST_TITLE = 200
LONGEST_REASON = 300
EVERY_LONG = 10
"""Of so many tables one has the longest schema and name; the others are named as people name them."""


@dataclass(frozen=True)
class Size:
    """How much of everything. `changed`: tables in one change; `lines`: of a journal, a discussion, a list of edits."""

    environments: int
    teams: int
    tables: int
    changed: int
    changes: int
    people: int
    events: int
    lines: int


FEW = Size(environments=2, teams=3, tables=6, changed=4, changes=2, people=4, events=4, lines=2)
MANY = Size(environments=4, teams=6, tables=40, changed=12, changes=12, people=14, events=30, lines=10)
ENORMOUS = Size(environments=40, teams=50, tables=2_000, changed=500, changes=200, people=200, events=3_000, lines=300)


def slug(word: str, number: int) -> str:
    """A slug of 30 characters, such as `source-07-abcdefghijklmnopqrst`."""
    return _long(f"{word}-{number:02}-", LONGEST_SLUG)


def team_slug(number: int) -> str:
    """A team's slug of 20 characters, such as `team07abcdefghijklmn`."""
    return _long(f"team{number:02}", LONGEST_TEAM)


def table(number: int) -> tuple[str, str]:
    """Schema and name; every tenth as long as they may be."""
    if number % EVERY_LONG == 0:
        return _long("schema_", LONGEST_NAME), _long(f"table_{number:05}_", LONGEST_NAME)
    return "warehouse", f"stock_movement_lines_{number:05}"


def text(beginning: str, length: int = LONGEST_REASON) -> str:
    """Words up to a length, the last of them a very long one."""
    words = f"{beginning} and whoever reads this wants to know why it has to be today "
    return _long((words * length)[: length * 2 // 3].strip() + " ", length)


def _long(beginning: str, length: int) -> str:
    return (beginning + "abcdefghijklmnopqrstuvwxyz" * length)[:length]
