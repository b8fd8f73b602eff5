"""A chain shows every alteration of a row that an anchor covers, and none where there is none."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from replication.audit_chain import (
    GENESIS,
    Anchor,
    ChainRow,
    anchor_from_trailer,
    chain_verify,
    row_hash,
)

BEGAN = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
ALTERATIONS = 1000


def _values(number: int) -> dict[str, object]:
    return {
        "id": 10 * number,
        "at": BEGAN + timedelta(seconds=number),
        "kind": "change_request.merged",
        "actor_id": 1 + number % 5,
        "actor_name": f"Mia {number}",
        "team_id": None,
        "sentence": f"Mia merged #{number}.",
        "data": {"revision": number},
        "request_id": "",
    }


def _chain(length: int) -> list[ChainRow]:
    rows, previous = [], GENESIS
    for number in range(1, length + 1):
        values = _values(number)
        previous = row_hash(previous, "local", number, values)
        rows.append(ChainRow("local", number, previous, values))
    return rows


def _rehashed(rows: list[ChainRow]) -> list[ChainRow]:
    """What somebody leaves who knows how the chain is made: everything numbered and computed anew."""
    made, previous = [], GENESIS
    for number, row in enumerate(rows, start=1):
        previous = row_hash(previous, "local", number, row.values)
        made.append(replace(row, sequence=number, hash=previous))
    return made


def _altered(rows: list[ChainRow], chance: random.Random) -> list[ChainRow]:
    """One alteration: a column, a removal, an insertion, a swap or a cut; half of the time with new hashes after it."""
    place = chance.randrange(len(rows) - 1)
    row = rows[place]
    act = chance.choice(["column", "column", "remove", "insert", "swap", "cut"])
    if act == "column":
        name = chance.choice(sorted(row.values))
        changed = [*rows]
        changed[place] = replace(row, values={**row.values, name: _other(row.values[name], chance)})
    elif act == "remove":
        changed = rows[:place] + rows[place + 1 :]
    elif act == "insert":
        changed = [*rows[:place], replace(row, values={**row.values, "sentence": "put in"}), *rows[place:]]
    elif act == "swap":
        changed = [*rows]
        changed[place], changed[place + 1] = (
            replace(rows[place + 1], sequence=row.sequence),
            replace(row, sequence=rows[place + 1].sequence),
        )
    else:
        changed = rows[: place + 1]
    return _rehashed(changed) if act != "cut" and chance.random() < 0.5 else changed


def _other(value: object, chance: random.Random) -> object:
    if isinstance(value, datetime):
        return value + timedelta(microseconds=chance.randrange(1, 10**6))
    if isinstance(value, int):
        return value + chance.randrange(1, 9)
    if isinstance(value, str):
        place = chance.randrange(len(value) + 1)
        return f"{value[:place]}{chance.choice('abc')}{value[place:]}"
    return {"revision": "another"} if value else {"put": "in"}


def test_chain_verify__a_thousand_alterations__finds_every_one() -> None:
    rows = _chain(60)
    anchors = [Anchor("local", row.sequence, row.hash, "commit") for row in rows if row.sequence % 20 == 0]
    chance = random.Random(20261124)  # noqa: S311 - the same alterations in every run

    found = [bool(chain_verify("local", _altered(rows, chance), anchors).problem) for _ in range(ALTERATIONS)]

    assert found.count(True) == ALTERATIONS


def test_chain_verify__nothing_altered__says_what_no_anchor_covers() -> None:
    rows = _chain(60)

    verdict = chain_verify("local", rows, [Anchor("local", 50, rows[49].hash)])

    assert (verdict.problem, verdict.rows, verdict.anchored, verdict.unanchored) == ("", 60, 50, 10)


@pytest.mark.parametrize(
    ("altered", "words"),
    [
        pytest.param(
            lambda rows: [rows[0], replace(rows[1], values={**rows[1].values, "team_id": 3})], "row 2", id="column"
        ),
        pytest.param(lambda rows: [rows[0], *rows[2:]], "row 2 was removed", id="removed"),
        pytest.param(
            lambda rows: [rows[0], rows[0], *rows[1:]], "row 1 of chain local (event 10) stands", id="doubled"
        ),
        pytest.param(lambda rows: rows[:3], "row 4 is missing", id="cut"),
        pytest.param(lambda rows: [], "row 1 is missing", id="emptied"),
        pytest.param(lambda rows: _rehashed([*rows[:2], *rows[3:], rows[2]]), "rows 1 to 5", id="recomputed"),
    ],
)
def test_chain_verify__an_alteration__names_the_first_row(altered: object, words: str) -> None:
    rows = _chain(5)

    verdict = chain_verify("local", altered(rows), [Anchor("local", 5, rows[4].hash, "commit abc")])  # type: ignore[operator]

    assert words in verdict.problem


def test_row_hash__a_column_that_a_later_version_adds_empty__is_as_before() -> None:
    values = _values(1)

    assert row_hash(GENESIS, "local", 1, values) == row_hash(GENESIS, "local", 1, {**values, "new": ""})


def test_anchor_from_trailer__its_own_trailer__is_read_back() -> None:
    anchor = Anchor("local", 42, "ab" * 32, "commit 1")

    assert anchor_from_trailer(anchor.trailer[1], "commit 1") == anchor
    assert anchor_from_trailer("local many abc", "commit 1") is None
