"""The notes on the tasks: whoever finds one stopped can tell by them who owes it a resume, and until when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest

from deploy_engine.execution import Limits, State
from deploy_engine.execution.facts import TAG_RESUME_BY, TAG_RUN
from tests.engine.execution.clock import MovedClock
from tests.engine.execution.fake_aws import FakeAws
from tests.engine.execution.scenarios import ADD, HALF_WAY, RELOAD, SEVERAL, Scenario, Stage
from tests.engine.execution.test_refusals import until

FOODSEARCH = "food-foodsearch"


@dataclass
class Watching:
    """The hands of a worker, and what stood on each task when it was stopped."""

    aws: FakeAws
    clock: MovedClock
    at_stops: list[tuple[datetime, Mapping[str, str]]] = field(default_factory=list)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.aws, name)

    def stop_task(self, arn: str) -> None:
        task = next(task for task in self.aws.live.values() if task.arn == arn)
        self.at_stops.append((self.clock.now(), dict(task.tags)))
        self.aws.stop_task(arn)


def _run(stage: Stage) -> tuple[State, list[tuple[datetime, Mapping[str, str]]]]:
    watching = Watching(stage.aws, stage.clock)
    executor = stage.executor(hands=watching)
    while True:
        tick = executor.tick(stage.run)
        if tick.next_in_seconds is None:
            return tick.state, watching.at_stops
        stage.clock.sleep(tick.next_in_seconds)


@pytest.mark.parametrize("scenario", [ADD, SEVERAL, RELOAD, HALF_WAY], ids=lambda scenario: scenario.name)
@pytest.mark.parametrize("limits", [Limits(), Limits(fenced=True)], ids=["unfenced", "fenced"])
def test_executor__stops_a_task__who_owes_it_a_resume_and_until_when_stands_on_it(
    scenario: Scenario, limits: Limits
) -> None:
    stage = Stage(scenario, limits=limits)

    state, at_stops = _run(stage)

    assert state is State.DONE
    assert len(at_stops) >= len(scenario.stages)
    for at, tags in at_stops:
        assert tags[TAG_RUN] == stage.run
        assert timedelta(minutes=25) < datetime.fromisoformat(tags[TAG_RESUME_BY]) - at <= timedelta(minutes=30)


def test_executor__step_tried_again_after_half__notes_it_again_before_the_stop() -> None:
    stage = Stage(HALF_WAY)

    state, at_stops = _run(stage)

    assert (state, len(at_stops)) == (State.DONE, 3)
    assert all(tags.get(TAG_RUN) == stage.run for _, tags in at_stops)
    assert all(task.tags == {} for task in stage.aws.live.values())


def _noted_and_loading(hours: float) -> Stage:
    """The deployment has put its note on the task, and a load begins before it stops it."""
    stage = Stage(ADD)
    until(stage, State.PAUSE)
    stage.executor().tick(stage.run)
    task = stage.aws.live[FOODSEARCH]
    task.tables[next(iter(task.tables))] = "Full load"
    task.loaded_at = stage.clock.now() + timedelta(hours=hours)
    return stage


def test_executor__waits_for_hours_for_a_load_after_noting__notes_anew_before_the_stop() -> None:
    stage = _noted_and_loading(hours=5)
    noted = stage.aws.live[FOODSEARCH].tags[TAG_RESUME_BY]

    state, at_stops = _run(stage)

    assert state is State.DONE
    [(at, tags)] = at_stops
    assert tags[TAG_RESUME_BY] != noted
    assert datetime.fromisoformat(tags[TAG_RESUME_BY]) > at


def test_executor__cancelled_while_it_waits_for_a_load_after_noting__clears_the_note() -> None:
    stage = _noted_and_loading(hours=5)
    until(stage, State.GUARD)
    noted = dict(stage.aws.live[FOODSEARCH].tags)
    stage.journal.request_cancel(stage.run)

    state, at_stops = _run(stage)

    assert (state, at_stops) == (State.FAILED_SAFE, [])
    assert noted[TAG_RUN] == stage.run
    assert stage.aws.live[FOODSEARCH].tags == {}
