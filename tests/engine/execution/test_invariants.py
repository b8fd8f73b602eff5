"""The proof must be able to fail: each invariant is broken once on purpose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from deploy_engine.execution import State
from deploy_engine.execution.invariants import Event, History, WrittenIntent, acts_of_a_planner, settled, standing
from tests.engine.execution.scenarios import ADD

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TASK, CHANGE_SET = "food-foodsearch", "run-1-s0"
WANTED = {TASK: "running"}


def history(events: Sequence[Event], intents: Sequence[WrittenIntent], **more: Any) -> History:
    return History(ADD.plan(), events, intents, 600, **more)


def found(
    events: Sequence[Event],
    found_states: Mapping[str, str] = WANTED,
    *,
    closed: bool = True,
    now: datetime = AT,
    **more: Any,
) -> str:
    """What is broken by these events, each of them written down beforehand."""
    past = history(events, [WrittenIntent(event.kind, event.target, AT, closed) for event in events], **more)
    ran = {TASK: True}
    at_end = settled(past, state=State.DONE, ran_before=ran, wanted=WANTED, found=found_states)
    return "; ".join((*standing(past, now), *at_end))


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
        ([Event(AT, "StopReplicationTask", TASK)], "I7: food-foodsearch was stopped 1 times and started 0 times"),
        (
            [Event(AT, "load", f"data/x_{version}/") for version in ("v202603020900", "v202603020859")],
            "I10: data/x was loaded as v202603020859 after v202603020900",
        ),
    ],
)
def test_violations__something_forbidden_happened__is_named(events: Sequence[Event], words: str) -> None:
    assert words in found(events)


def test_violations__task_left_stopped__is_named() -> None:
    assert found([], {TASK: "stopped"}) == "I5: food-foodsearch should be running after done, and is stopped"


def test_violations__paused_beyond_the_budget__is_named() -> None:
    later = AT + timedelta(seconds=721)
    events = [Event(AT, "StopReplicationTask", TASK), Event(later, "StartReplicationTask", TASK)]

    words = "I6: food-foodsearch stood still for 721 s, 600 s are allowed, and nobody was told"
    assert found(events) == words
    assert words in found(events[:1], now=later)
    assert found(events, told=[AT + timedelta(seconds=700)]) == ""


def test_violations__version_that_was_there_before__is_named() -> None:
    newer = frozenset({"data/x_v202603020900/"})

    assert "I10" in found([Event(AT, "load", "data/x_v202603020800/")], loaded_before=newer)
    assert found([Event(AT, "load", "data/x_v202603020901/")], loaded_before=newer) == ""


def test_violations__intent_of_an_older_fence__counts_for_no_call_of_a_newer_one() -> None:
    event, intent = Event(AT, "DeleteStack", "stack", fence=2), WrittenIntent("DeleteStack", "stack", AT, True, fence=1)

    assert standing(history([event], [intent]), AT) == (
        "I8: DeleteStack of stack was not written down before it was made",
    )


def test_violations__a_planner_that_acts__is_named() -> None:
    calls = ["DescribeStacks", "StopReplicationTask"]

    assert acts_of_a_planner(calls) == ("I12: a planner called StopReplicationTask",)


def test_violations__call_without_an_intent__is_named() -> None:
    late = WrittenIntent("StopReplicationTask", TASK, AT + timedelta(seconds=1), closed=True)

    broken = standing(history([Event(AT, "StopReplicationTask", TASK)], [late]), AT)

    assert broken == ("I8: StopReplicationTask of food-foodsearch was not written down before it was made",)


def test_violations__outcome_never_found_out__is_named() -> None:
    assert "I8: it was never found out" in found([Event(AT, "StopReplicationTask", TASK)], closed=False)
