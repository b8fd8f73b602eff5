"""What a source database holds: which of the tables that a task asks for exist, and how many rows each has.

A source is found by the secret that its endpoint names. The synthetic one is an invention, and says so: every table
that is asked for by name exists in it, with a row count made from its name, unless a test listed it as missing.
"""

import hashlib
import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol

FEWEST_ROWS = 3_000
MOST_ROWS = 3_500_000


@dataclass(frozen=True)
class SourceTable:
    """A table of a source database."""

    schema: str
    table: str
    rows: int


class Source(Protocol):
    """A source database as far as a load needs it."""

    def tables(self, asked: Iterable[tuple[str, str]]) -> list[SourceTable]:
        """Return the tables there are; ``asked`` are names (schema, table) that a mapping spells out."""


@dataclass
class SyntheticSource:
    """An invented database: no rows exist anywhere, only believable counts of them."""

    name: str
    known: dict[tuple[str, str], int] = field(default_factory=dict)
    missing: set[tuple[str, str]] = field(default_factory=set)

    def tables(self, asked: Iterable[tuple[str, str]]) -> list[SourceTable]:
        """Return every table that was ever asked for or declared, but for the missing ones."""
        for pair in asked:
            self.known.setdefault(pair, invented_rows(self.name, *pair))
        return [
            SourceTable(schema, table, rows)
            for (schema, table), rows in sorted(self.known.items())
            if (schema, table) not in self.missing
        ]


@dataclass
class Sources:
    """The source databases by the name of the secret that leads to each."""

    by_secret: dict[str, SyntheticSource] = field(default_factory=dict)

    def at(self, secret: str) -> SyntheticSource:
        """Return the source behind ``secret``."""
        return self.by_secret.setdefault(secret, SyntheticSource(secret))


def invented_rows(*parts: str) -> int:
    """Return a row count made from a name alone: the same in every run, evenly spread over orders of magnitude."""
    digest = hashlib.sha256("/".join(parts).encode()).digest()
    share = int.from_bytes(digest[:6], "big") / 2**48
    return round(FEWEST_ROWS * math.exp(share * math.log(MOST_ROWS / FEWEST_ROWS)))
