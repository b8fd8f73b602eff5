"""The proof must be able to fail: each invariant is broken once on purpose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

import pytest

from deploy_engine.execution import State
from deploy_engine.execution.invariants import Event, WrittenIntent, violations
from tests.engine.execution.scenarios import ADD

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TASK, CHANGE_SET = "food-foodsearch", "run-1-s0"
WANTED = {TASK: "running"}


def found(events: Sequence[Event], found_states: Mapping[str, str] = WANTED, *, closed: bool = True) -> str:
    intents = [WrittenIntent(event.kind, event.target, AT, closed) for event in events]
    broken = violations(
        ADD.plan(), events, intents, state=State.DONE, wanted=WANTED, found=found_states, pause_budget_seconds=600
    )
    return "; ".join(broken)


def test_violations__nothing_wrong__none() -> None:
    stop, start = Event(AT, "StopReplicationTask", TASK), Event(AT, "StartReplicationTask", TASK)

    assert found([stop, start]) == ""


@pytest.mark.parametrize(
    ("events", "words"),
    [
        ([Event(AT, "StopReplicationTask", TASK, "orders.lines")], "I1: food-foodsearch was stopped while it loaded"),
        ([Event(AT, "load", "data/x/", "occupied")], "I2: a table began to load into data/x/, where data lay"),
        ([Event(AT, "ExecuteChangeSet", CHANGE_SET)] * 2, "I3: run-1-s0 was executed 2 times"),
        ([Event(AT, "StartReplicationTask", TASK, "the-stack")], "I4: food-foodsearch was started while the-stack"),
        ([Event(AT, "ExecuteChangeSet", CHANGE_SET, TASK)], "I4: run-1-s0 was executed while food-foodsearch"),
        ([Event(AT, "StopReplicationTask", "shop-carts")], "I9: shop-carts was touched"),
    ],
)
def test_violations__something_forbidden_happened__is_named(events: Sequence[Event], words: str) -> None:
    assert words in found(events)


def test_violations__task_left_stopped__is_named() -> None:
    assert found([], {TASK: "stopped"}) == "I5: food-foodsearch should be running after done, and is stopped"


def test_violations__paused_beyond_the_budget__is_named() -> None:
    later = AT + timedelta(seconds=601)
    events = [Event(AT, "StopReplicationTask", TASK), Event(later, "StartReplicationTask", TASK)]

    assert found(events) == "I6: food-foodsearch stood still for 601 s, and 600 s are allowed"


def test_violations__call_without_an_intent__is_named() -> None:
    broken = violations(
        ADD.plan(),
        [Event(AT, "StopReplicationTask", TASK)],
        [WrittenIntent("StopReplicationTask", TASK, AT + timedelta(seconds=1), closed=True)],
        state=State.DONE,
        wanted=WANTED,
        found=WANTED,
        pause_budget_seconds=600,
    )

    assert broken == ("I8: StopReplicationTask of food-foodsearch was not written down before it was made",)


def test_violations__outcome_never_found_out__is_named() -> None:
    assert "I8: it was never found out" in found([Event(AT, "StopReplicationTask", TASK)], closed=False)
