"""Freeze windows as people write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from replication.freezing import DAYS, BadWindow, frozen_at, windows_read

TUESDAY = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "frozen"),
    [
        ("", False),
        ("tue 11:00 - tue 13:00", True),
        ("Tue 12:00 – tue 12:01", True),
        ("tue 11:00 - tue 12:00", False),
        ("fri 16:00 - mon 06:00", False),
        ("sat 00:00 - wed 00:00 long weekend", True),
        ("wed 00:00 - tue 13:00", True),
        ("2026-11-24 - 2026-11-25", True),
        ("2026-11-24 12:00 - 2026-11-24 12:30 moving house", True),
        ("2025-11-24 - 2025-11-25", False),
    ],
)
def test_frozen_at__a_tuesday_at_noon__is_or_is_not(text: str, *, frozen: bool) -> None:
    assert (frozen_at(windows_read(text), TUESDAY) is not None) is frozen


def test_frozen_at__two_windows__the_later_end_and_its_reason() -> None:
    windows = windows_read("tue 10:00 - tue 14:00 lunch\n\n2026-11-20 - 2026-11-30 the shops are busy")

    frozen = frozen_at(windows, TUESDAY)

    assert frozen is not None
    assert frozen.until == datetime(2026, 11, 30, tzinfo=UTC)
    assert frozen.reason == "the shops are busy"


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        ("christmas", 1, "it is no window"),
        ("fri 16:00 - mon 06:00\nfoo 16:00 - mon 06:00", 2, "there is no such day or time"),
        ("fri 25:00 - mon 06:00", 1, "there is no such day or time"),
        ("2026-13-01 - 2026-12-02", 1, "there is no such day or time"),
        ("2026-12-02 - 2026-12-01", 1, "it ends before it begins"),
    ],
)
def test_windows_read__a_line_that_is_none__named(text: str, line: int, why: str) -> None:
    with pytest.raises(BadWindow, match=why) as bad:
        windows_read(text)

    assert bad.value.line == line


@given(
    begins=st.tuples(st.sampled_from(DAYS), st.integers(0, 23)),
    ends=st.tuples(st.sampled_from(DAYS), st.integers(0, 23)),
    at=st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1)),  # noqa: DTZ001 - hypothesis wants them naive
)
def test_frozen_at__any_weekly_window__holds_until_its_own_end(
    begins: tuple[str, int], ends: tuple[str, int], at: datetime
) -> None:
    windows = windows_read(f"{begins[0]} {begins[1]}:00 - {ends[0]} {ends[1]}:00")
    moment = at.replace(tzinfo=UTC)

    frozen = frozen_at(windows, moment)

    if frozen is not None:
        assert moment < frozen.until <= moment + timedelta(days=7)
        assert (DAYS[frozen.until.weekday()], frozen.until.hour) == ends
        assert frozen_at(windows, frozen.until - timedelta(seconds=1)) == frozen
