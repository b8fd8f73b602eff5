"""Credentials of a role: asked for once, by one thread, and again before they could run out within a pause."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Event

import pytest

from deploy_engine.adapters.aws_credentials import LEAST_LEFT, AssumedRoles, Metadata

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


class Sts:
    """Gives credentials for an hour, counted, by a clock that the test moves."""

    def __init__(self) -> None:
        self.now = NOON
        self.given = 0
        self.away = False

    def assume(self) -> Metadata:
        if self.away:
            raise ConnectionError
        self.given += 1
        expiry = (self.now + timedelta(hours=1)).isoformat()
        return {"access_key": str(self.given), "secret_key": "s", "token": "t", "expiry_time": expiry}


@pytest.fixture
def sts() -> Sts:
    return Sts()


@pytest.fixture
def roles(sts: Sts) -> AssumedRoles:
    return AssumedRoles(lambda: sts.now)


def test_credentials__a_quarter_of_an_hour_left_and_more__are_the_same(roles: AssumedRoles, sts: Sts) -> None:
    first = roles.credentials("planner", sts.assume)
    sts.now = NOON + timedelta(hours=1) - LEAST_LEFT
    assert roles.credentials("planner", sts.assume) is first
    assert sts.given == 1


def test_credentials__less_left__are_renewed_before_any_call(roles: AssumedRoles, sts: Sts) -> None:
    roles.credentials("planner", sts.assume)
    sts.now = NOON + timedelta(hours=1, seconds=1) - LEAST_LEFT
    assert roles.credentials("planner", sts.assume)["access_key"] == "2"


def test_credentials__less_left_and_nobody_gives_new_ones__are_not_used_up(roles: AssumedRoles, sts: Sts) -> None:
    roles.credentials("planner", sts.assume)
    sts.now = NOON + timedelta(minutes=50)
    sts.away = True
    with pytest.raises(ConnectionError):
        roles.credentials("planner", sts.assume)


def test_credentials__of_another_role__are_its_own(roles: AssumedRoles, sts: Sts) -> None:
    assert roles.credentials("planner", sts.assume) != roles.credentials("deployer", sts.assume)


def test_forget__credentials_that_were_revoked__gives_new_ones(roles: AssumedRoles, sts: Sts) -> None:
    roles.credentials("planner", sts.assume)
    roles.forget("planner")
    assert roles.credentials("planner", sts.assume)["access_key"] == "2"


def test_credentials__many_threads_at_once__one_asks_and_all_get_the_same(roles: AssumedRoles, sts: Sts) -> None:
    asked, may_answer = Event(), Event()

    def slowly() -> Metadata:
        asked.set()
        assert may_answer.wait(10)
        return sts.assume()

    with ThreadPoolExecutor(8) as threads:
        waiting = [threads.submit(roles.credentials, "planner", slowly) for _ in range(8)]
        assert asked.wait(10)
        may_answer.set()
        keys = {future.result()["access_key"] for future in waiting}
    assert keys == {"1"}
