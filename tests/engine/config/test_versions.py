"""Versions: minutes in UTC that only go up."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import PydanticCustomError

from deploy_engine.config.versions import check_version, next_version, version_time
from tests.engine.strategies import versions

NOW = datetime(2026, 5, 1, 12, 30, 59, tzinfo=UTC)
BAD = [
    "", "v", "202605011230", "v20260501", "v2026050112300", "v202613011230", "v202602301200", "v202605012400",
    "v202605011260", "V202605011230", "v20260501123٠", "v202605011230\n", " v202605011230", "v000001010000",
]  # fmt: skip


@pytest.mark.parametrize("text", BAD, ids=ascii)
def test_check_version__no_moment__is_refused(text: str) -> None:
    with pytest.raises(PydanticCustomError):
        check_version(text)


def test_version_time__a_version__is_its_minute_in_utc() -> None:
    assert version_time("v202605011230") == datetime(2026, 5, 1, 12, 30, tzinfo=UTC)


def test_next_version__another_time_zone__is_the_minute_in_utc() -> None:
    there = NOW.astimezone(timezone(timedelta(hours=-7)))

    assert next_version(there, []) == "v202605011230"


def test_next_version__reloads_within_one_minute__go_up_by_one() -> None:
    assert next_version(NOW, ["v202605011230", "v202001010000"]) == "v202605011231"


@given(st.lists(versions.filter(lambda version: version < "v9999")))
def test_next_version__any_history__is_above_all_of_it(earlier: list[str]) -> None:
    offered = next_version(NOW, earlier)

    assert check_version(offered) == offered
    assert all(offered > version for version in earlier)
