"""Unified diffs of two texts, for `components/diff.html`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import unified_diff

HUNK = re.compile(r"^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@")
HEADER_LINES = 2
LONGEST_LINE = 600
"""Characters of one line: a task's mappings stand in one line of a template, and may have a million."""


@dataclass(frozen=True)
class DiffLine:
    """One line: `kind` is add, remove, context or hunk; the numbers are those in the old and the new text."""

    kind: str
    old: int | str
    new: int | str
    text: str


@dataclass(frozen=True)
class Diff:
    """The difference of one file."""

    title: str
    lines: tuple[DiffLine, ...]
    open: bool

    @property
    def added(self) -> int:
        """How many lines are new."""
        return sum(line.kind == "add" for line in self.lines)

    @property
    def removed(self) -> int:
        """How many lines are gone."""
        return sum(line.kind == "remove" for line in self.lines)


def unified(title: str, before: str, after: str, *, context: int = 3, opened: bool = True) -> Diff:
    """The difference from `before` to `after`, with `context` unchanged lines around each hunk; no lines when equal."""
    raw = unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=context)
    return Diff(title=title, lines=tuple(_numbered(raw)), open=opened)


def _numbered(raw: Iterator[str]) -> Iterator[DiffLine]:
    old = new = 0
    for index, line in enumerate(raw):
        hunk = HUNK.match(line)
        if index < HEADER_LINES:
            continue
        if hunk:
            old, new = int(hunk[1]), int(hunk[2])
            yield DiffLine("hunk", "", "", line)
        elif line.startswith("+"):
            yield DiffLine("add", "", new, _short(line[1:]))
            new += 1
        elif line.startswith("-"):
            yield DiffLine("remove", old, "", _short(line[1:]))
            old += 1
        else:
            yield DiffLine("context", old, new, _short(line[1:]))
            old, new = old + 1, new + 1


def _short(line: str) -> str:
    rest = len(line) - LONGEST_LINE
    return line if rest <= 0 else f"{line[:LONGEST_LINE]} … and {rest:,} more characters"
