"""Counts and lists in sentences."""

from __future__ import annotations

import pytest

from portal.presenters.words import counted, listed


def test_counted__one_and_many__take_their_noun() -> None:
    assert [counted(1, "table"), counted(0, "table"), counted(2, "entry", "entries")] == [
        "1 table",
        "0 tables",
        "2 entries",
    ]


@pytest.mark.parametrize(
    ("names", "words"),
    [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c", "d", "e"], "a, b, c and 2 more")],
)
def test_listed__names__are_spelt_out_up_to_three(names: list[str], words: str) -> None:
    assert listed(names) == words
