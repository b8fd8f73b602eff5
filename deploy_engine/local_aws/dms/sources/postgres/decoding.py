"""Reads the text that PostgreSQL's output plugin `test_decoding` prints for one change.

    table public.foods: INSERT: id[integer]:1 name[text]:'it''s' note[text]:null
    table public.foods: UPDATE: old-key: id[integer]:1 new-tuple: id[integer]:2 name[text]:unchanged-toast-datum
    table public."Odd": DELETE: (no-tuple-data)

An update has an old key only if a column of the table's replica identity changed, or if that is FULL. A value that
lies out of line and was not touched is not in the log: `UNCHANGED` stands for it.
"""

import re
from dataclasses import dataclass
from enum import Enum


class Unchanged(Enum):
    """The type of `UNCHANGED`."""

    UNCHANGED = "unchanged-toast-datum"


UNCHANGED = Unchanged.UNCHANGED
Value = str | None | Unchanged
Values = dict[str, Value]

NAME = re.compile(r'[a-z_][a-z0-9_]*|"(?:[^"]|"")+"')
QUOTED = re.compile(r"(?:B)?'((?:[^']|'')*)'", re.DOTALL)
BARE = re.compile(r"[^ ]+")
OLD, NEW, NOTHING = "old-key: ", "new-tuple: ", "(no-tuple-data)"


class UnreadableChangeError(ValueError):
    """The text is not what the plugin prints."""


@dataclass(frozen=True)
class Change:
    """One change of one row; ``operation`` is INSERT, UPDATE, DELETE or TRUNCATE."""

    schema: str
    table: str
    operation: str
    old: Values
    new: Values


def is_change(text: str) -> bool:
    """Tell whether a line is about a row, and not about a transaction or a message."""
    return text.startswith("table ")


def parse(text: str) -> Change:
    """Parse one change; raises UnreadableChangeError."""
    reader = _Reader(text)
    reader.expect("table ")
    schema = reader.name()
    reader.expect(".")
    table = reader.name()
    reader.expect(": ")
    operation = reader.match(re.compile(r"[A-Z]+"))
    reader.expect(": ")
    if operation == "TRUNCATE":
        return Change(schema, table, operation, {}, {})
    old: Values = {}
    new: Values = {}
    if reader.skip(OLD):
        old = reader.values()
        reader.expect(NEW)
        new = reader.values()
    elif not reader.skip(NOTHING):
        values = reader.values()
        old, new = (values, {}) if operation == "DELETE" else ({}, values)
    return Change(schema, table, operation, old, new)


class _Reader:
    """A position in the text, and what may stand there."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    def skip(self, literal: str) -> bool:
        if not self._text.startswith(literal, self._at):
            return False
        self._at += len(literal)
        return True

    def expect(self, literal: str) -> None:
        if not self.skip(literal):
            raise UnreadableChangeError(f"expected {literal!r} at {self._at} in {self._text[:200]!r}")

    def match(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self._text, self._at)
        if found is None:
            raise UnreadableChangeError(f"expected {pattern.pattern!r} at {self._at} in {self._text[:200]!r}")
        self._at = found.end()
        return found.group()

    def name(self) -> str:
        text = self.match(NAME)
        return text[1:-1].replace('""', '"') if text.startswith('"') else text

    def values(self) -> Values:
        """Read columns until the text or this tuple ends."""
        found: Values = {}
        while self._at < len(self._text) and not self._text.startswith(NEW, self._at):
            name = self.name()
            self._type()
            self.expect(":")
            found[name] = self._value()
            self.skip(" ")
        return found

    def _type(self) -> None:
        """Skip a type in brackets; an array's has brackets inside, a quoted one may have any."""
        depth = 0
        while True:
            if self._at >= len(self._text):
                raise UnreadableChangeError(f"a type does not end in {self._text[:200]!r}")
            if self._text[self._at] == '"':
                self.match(NAME)
                continue
            depth += {"[": 1, "]": -1}.get(self._text[self._at], 0)
            self._at += 1
            if depth == 0:
                return

    def _value(self) -> Value:
        if self._text.startswith(("'", "B'"), self._at):
            return self.match(QUOTED).removeprefix("B")[1:-1].replace("''", "'")
        text = self.match(BARE)
        if text == "null":
            return None
        return UNCHANGED if text == UNCHANGED.value else text
