"""How times, durations, counts and people are written."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from portal.templatetags.sluice import ago, duration, initials, thousands

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("distance", "words"),
    [
        (timedelta(seconds=3), "just now"),
        (timedelta(seconds=42), "42 s ago"),
        (timedelta(minutes=4, seconds=59), "4 min ago"),
        (timedelta(hours=26), "1 d ago"),
        (timedelta(minutes=-5), "in 5 min"),
        (timedelta(days=30), "24 Oct 2026"),
    ],
)
def test_ago__a_moment__tells_its_distance_in_one_unit(distance: timedelta, words: str) -> None:
    with time_machine.travel(NOW, tick=False):
        assert ago(NOW - distance) == words


def test_ago__no_moment__says_never() -> None:
    assert ago(None) == "never"


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (0.02, "under 0.1 s"),
        (0.43, "0.4 s"),
        (5.0, "5 s"),
        (42, "42 s"),
        (250, "4 min 10 s"),
        (timedelta(hours=3, minutes=55), "3 h 55 min"),
        (timedelta(days=2), "2 d"),
        (None, ""),
    ],
)
def test_duration__a_length__takes_at_most_two_units(length: timedelta | float | None, words: str) -> None:
    assert duration(length) == words


def test_thousands__a_large_count__groups_digits_with_narrow_spaces() -> None:
    assert thousands(812400117) == "812\u202f400\u202f117"


@pytest.mark.parametrize(
    ("name", "letters"), [("Ada King Lovelace", "AL"), ("ada.lovelace", "AL"), ("ada", "A"), ("", "?")]
)
def test_initials__a_name__gives_at_most_two_letters(name: str, letters: str) -> None:
    assert initials(name) == letters
