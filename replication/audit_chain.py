"""The chain over audit events: each row's hash covers the row and the hash before it, so that nothing can be rewritten.

There is one chain per environment, and one for events that belong to none. A chain alone shows that a row was changed,
taken out, put in or moved; whoever recomputes the whole rest of a chain, or cuts its end off, is found by the anchors:
hashes that stand in the commits of the config repository, and therefore in every clone of it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

COMPANY_CHAIN = "-"
"""The chain of events without an environment; no environment can be called so."""

GENESIS = "0" * 64
"""What stands before the first row."""

ANCHOR_TRAILER = "Audit-Chain"
"""The key of the commit trailer that carries an anchor: `Audit-Chain: <chain> <sequence> <hash>`."""

_ANCHOR_PARTS = 3
_EMPTY: tuple[Any, ...] = (None, "", {})


@dataclass(frozen=True)
class Anchor:
    """What the chain was at one moment, as written outside of the database; `where` names the place (a commit)."""

    chain: str
    sequence: int
    hash: str
    where: str = ""

    @property
    def trailer(self) -> tuple[str, str]:
        """Key and value, as a commit carries them."""
        return ANCHOR_TRAILER, f"{self.chain} {self.sequence} {self.hash}"


@dataclass(frozen=True)
class ChainRow:
    """One row as it is stored: its place, its hash, and every other column by name."""

    chain: str
    sequence: int
    hash: str
    values: Mapping[str, Any]

    @property
    def name(self) -> str:
        """How the row is called in findings."""
        return f"row {self.sequence} of chain {self.chain} (event {self.values.get('id')})"


@dataclass(frozen=True)
class ChainVerdict:
    """How one chain stands. `problem` names the first row that is not as it was written; empty: all are."""

    chain: str
    rows: int
    anchored: int
    problem: str = ""

    @property
    def unanchored(self) -> int:
        """How many of the newest rows no anchor covers: of these alone the end could be cut off unseen."""
        return max(0, self.rows - self.anchored)


def row_hash(previous: str, chain: str, sequence: int, values: Mapping[str, Any]) -> str:
    """The hash of a row: over the hash before it, its place, and all of its columns in one canonical form.

    Empty columns are left out, so that a column that a later version adds does not change the hashes of older rows.
    """
    row = json.dumps(
        [chain, sequence, {name: _plain(value) for name, value in values.items() if value not in _EMPTY}],
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=True,
    )
    return sha256(f"{previous}\n{row}".encode()).hexdigest()


def anchor_from_trailer(value: str, where: str) -> Anchor | None:
    """The anchor that a trailer's value carries; None where it is none."""
    parts = value.split()
    if len(parts) != _ANCHOR_PARTS or not parts[1].isdecimal():
        return None
    return Anchor(parts[0], int(parts[1]), parts[2], where)


def chain_verify(chain: str, rows: Iterable[ChainRow], anchors: Iterable[Anchor]) -> ChainVerdict:
    """Hold the rows of one chain, in the order of their sequence, against themselves and against its anchors."""
    wanted = _by_sequence(chain, anchors)
    previous, last, covered = GENESIS, 0, 0
    for row in rows:
        problem = _problem_of(row, previous, last) or _problem_of_anchors(row, wanted.get(row.sequence, ()), covered)
        if problem:
            return ChainVerdict(chain, last, covered, problem)
        previous, last = row.hash, row.sequence
        if row.sequence in wanted:
            covered = row.sequence
    beyond = min((sequence for sequence in wanted if sequence > last), default=None)
    if beyond is not None:
        anchor = wanted[beyond][0]
        problem = (
            f"The end of chain {chain} was cut off: row {last + 1} is missing, "
            f"and {anchor.where or 'an anchor'} names row {beyond}."
        )
        return ChainVerdict(chain, last, covered, problem)
    return ChainVerdict(chain, last, covered)


def _problem_of(row: ChainRow, previous: str, last: int) -> str:
    if row.sequence > last + 1:
        missing = f"row {last + 1}" if row.sequence == last + 2 else f"rows {last + 1} to {row.sequence - 1}"
        return f"Of chain {row.chain}, {missing} was removed: the next one is {row.name}."
    if row.sequence <= last:
        return f"{row.name} stands a second time: it was put in later."
    if row_hash(previous, row.chain, row.sequence, row.values) != row.hash:
        return f"{row.name} is not as it was written: it was altered, or rows before it were put in another order."
    return ""


def _problem_of_anchors(row: ChainRow, anchors: Iterable[Anchor], covered: int) -> str:
    for anchor in anchors:
        if anchor.hash != row.hash:
            first = covered + 1
            which = f"row {first}" if first == row.sequence else f"one of the rows {first} to {row.sequence}"
            return (
                f"Chain {row.chain} was computed anew, beginning with {which}: "
                f"{anchor.where or 'an anchor'} has another hash for row {row.sequence}."
            )
    return ""


def _by_sequence(chain: str, anchors: Iterable[Anchor]) -> dict[int, list[Anchor]]:
    found: dict[int, list[Anchor]] = {}
    for anchor in anchors:
        if anchor.chain == chain and anchor.sequence > 0:
            found.setdefault(anchor.sequence, []).append(anchor)
    return found


def _plain(value: Any) -> Any:
    return value.astimezone(UTC).isoformat(timespec="microseconds") if isinstance(value, datetime) else value
