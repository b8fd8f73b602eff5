"""A deployment's stages from its plan and its journal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from portal.presenters.plan_steps import Stage
from portal.web.deployments.timeline import LiveStage, live_stages
from replication.choices import DeploymentState, JournalKind
from replication.models import Deployment, JournalEntry
from replication.selectors.paused_time import paused_seconds

BEGAN = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
NOW = BEGAN + timedelta(seconds=100)
STAGES = (
    Stage("Lock", 0, frozenset({"queued", "planning", "locked", "prepare", "guard"}), "Looked at once more."),
    Stage("Stop", 0, frozenset({"pause"}), "Stands still."),
    Stage("Update", 0, frozenset({"execute"})),
    Stage("Resume", 0, frozenset({"resume"}), "3 tables begin to load."),
    Stage("Verify", 0, frozenset({"verify"})),
)
Line = tuple[int, str] | tuple[int, str, str]


def _journal(*lines: Line) -> list[JournalEntry]:
    return [
        JournalEntry(
            sequence=number,
            at=BEGAN + timedelta(seconds=line[0]),
            phase=line[1],
            kind=line[2] if len(line) > 2 else JournalKind.INFO,
            sentence=f"{line[1]} {number}",
        )
        for number, line in enumerate(lines, 1)
    ]


def _stages(state: DeploymentState, phase: str, *lines: Line, ended: int | None = None) -> Sequence[LiveStage]:
    finished = BEGAN + timedelta(seconds=ended) if ended is not None else None
    deployment = Deployment(state=state, phase=phase, step=0, finished_at=finished)
    return live_stages(STAGES, deployment, _journal(*lines), now=NOW)


def test_live_stages__waiting__are_all_planned() -> None:
    assert {stage.state for stage in _stages(DeploymentState.QUEUED, "queued")} == {"planned"}


def test_live_stages__running__show_what_is_done_and_how_long_it_took() -> None:
    stages = _stages(DeploymentState.RUNNING, "execute", (0, "planning"), (10, "pause"), (40, "execute"))
    assert [stage.state for stage in stages] == ["done", "done", "running", "planned", "planned"]
    assert [stage.duration for stage in stages] == ["10 s", "30 s", "1 min", "", ""]


def test_live_stages__done__are_done_even_without_a_line() -> None:
    stages = _stages(DeploymentState.DONE, "done", (0, "planning"), (10, "execute"), (20, "done"), ended=25)
    assert {stage.state for stage in stages} == {"done"}
    assert [line.text for line in stages[2].log] == ["execute 2", "done 3"]


def test_live_stages__rolled_back__fail_where_it_broke_and_say_nothing_of_the_plan_afterwards() -> None:
    stages = _stages(
        DeploymentState.FAILED_SAFE,
        "failed-safe",
        (0, "planning"),
        (10, "pause"),
        (40, "execute"),
        (60, "execute", "error"),
        (70, "resume"),
        ended=90,
    )
    assert [stage.state for stage in stages] == ["done", "done", "failed", "done", "skipped"]
    assert [stage.detail for stage in stages] == ["Looked at once more.", "Stands still.", "", "", ""]


def test_live_stages__refused_before_anything__skip_the_rest() -> None:
    stages = _stages(DeploymentState.REFUSED, "stale", (0, "planning"), (5, "planning", "error"), ended=6)
    assert [stage.state for stage in stages] == ["failed", "skipped", "skipped", "skipped", "skipped"]


def test_live_stages__stuck__leave_open_what_may_still_come() -> None:
    stages = _stages(DeploymentState.STUCK, "stuck", (0, "pause"), (9, "resume"), (50, "resume", "error"))
    assert [stage.state for stage in stages] == ["done", "done", "done", "failed", "planned"]


def test_live_stages__cancelled__skip_what_was_left() -> None:
    stages = _stages(DeploymentState.CANCELLED, "queued", ended=1)
    assert {stage.state for stage in stages} == {"skipped"}


@pytest.mark.parametrize(
    ("lines", "seconds"),
    [
        (((0, "planning"),), None),
        (((0, "planning"), (10, "pause"), (40, "execute")), 90.0),
        (((0, "planning"), (10, "pause"), (40, "resume"), (70, "verify")), 60.0),
        (((10, "pause"), (30, "verify"), (40, "prepare"), (50, "pause"), (60, "verify")), 30.0),
    ],
)
def test_paused_seconds__a_journal__counts_the_time_between_stop_and_verify(
    lines: tuple[Line, ...], seconds: float | None
) -> None:
    assert paused_seconds(_journal(*lines), Deployment(), now=NOW) == seconds


def test_live_stages__a_call_and_its_sentence__are_one_line_with_the_call_folded() -> None:
    journal = _journal((0, "pause", JournalKind.INTENT), (1, "pause"), (2, "pause"))
    journal[0].sentence, journal[1].sentence = "StopReplicationTask food-foodsearch", "Stopping food-foodsearch"
    stages = live_stages(STAGES, Deployment(state=DeploymentState.RUNNING, phase="pause"), journal, now=NOW)
    assert [(line.text, line.call) for line in stages[1].log] == [
        ("Stopping food-foodsearch", "StopReplicationTask food-foodsearch"),
        ("pause 3", ""),
    ]


def test_live_stages__a_call_whose_outcome_nobody_wrote_down__says_so() -> None:
    journal = _journal(
        (0, "pause", JournalKind.INTENT), (30, "pause"), (31, "pause", JournalKind.INTENT), (32, "pause")
    )
    journal[0].sentence = journal[2].sentence = "StopReplicationTask food-foodsearch"
    journal[1].sentence, journal[3].sentence = "Looked again: it was not known what became of it", "Stopping"
    stages = live_stages(STAGES, Deployment(state=DeploymentState.RUNNING, phase="pause"), journal, now=NOW)
    assert [(line.text, line.call) for line in stages[1].log] == [
        ("Looked again: it was not known what became of it", ""),
        ("Asked AWS; no answer is written down", "StopReplicationTask food-foodsearch"),
        ("Stopping", "StopReplicationTask food-foodsearch"),
    ]


@pytest.mark.parametrize(
    ("lines", "seconds"),
    [
        (((0, "guard"), (1, "execute"), (20, "resume"), (30, "verify")), None),
        (((0, "guard"), (5, "pause"), (20, "execute"), (30, "stuck"), (45, "stuck", "all run"), (99, "verify")), 40),
    ],
    ids=["nothing is stopped", "stuck, but all run again"],
)
def test_paused_seconds__no_task_stands_still__does_not_count(lines: tuple[Line, ...], seconds: float | None) -> None:
    journal = _journal(*(line[:2] for line in lines))
    for line, entry in zip(lines, journal, strict=True):
        if len(line) > 2:
            entry.sentence = "All tasks run again; the pause is over"
    assert paused_seconds(journal, Deployment(state=DeploymentState.STUCK), now=NOW) == seconds
