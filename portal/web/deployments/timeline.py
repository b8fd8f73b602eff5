"""A deployment's stages as they stand: the plan's own stages, filled from the journal.

Pure: the same journal at the same moment gives the same timeline. Every line of the journal falls under the stage that
the plan announced for its phase; a line of a phase that the plan does not know (an abort, for one) stays with the stage
during which it was written.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from deploy_engine.execution.outcome import LOOKED_AGAIN
from portal.presenters.plan_steps import Stage, StageLine
from portal.templatetags.sluice import duration
from replication.choices import DeploymentState, JournalKind
from replication.models import Deployment, JournalEntry

BROKEN = frozenset({DeploymentState.REFUSED, DeploymentState.FAILED_SAFE, DeploymentState.STUCK, DeploymentState.HALF})


@dataclass(frozen=True)
class LogLine:
    """One line of the journal, for people; `detail` is AWS's own wording and `call` the call it is about, or empty."""

    at: datetime
    text: str
    detail: str = ""
    call: str = ""


@dataclass(frozen=True)
class LiveStage:
    """One stage with its state (planned, running, done, failed, skipped), its times and its part of the journal."""

    title: str
    state: str
    detail: str
    lines: tuple[StageLine, ...]
    at: datetime | None
    duration: str
    log: tuple[LogLine, ...]


def live_stages(
    stages: Sequence[Stage], deployment: Deployment, journal: Sequence[JournalEntry], *, now: datetime
) -> tuple[LiveStage, ...]:
    """The timeline at `now`; `journal` in its order."""
    placed = _place(stages, journal)
    states = _states(stages, deployment, placed)
    failed = states.index("failed") if "failed" in states else len(states)
    end = deployment.finished_at or now
    return tuple(
        _live(stage, states[index], placed, index, end=end, announced=index <= failed)
        for index, stage in enumerate(stages)
    )


def _place(stages: Sequence[Stage], journal: Sequence[JournalEntry]) -> list[list[JournalEntry]]:
    placed: list[list[JournalEntry]] = [[] for _ in stages]
    here = 0
    for entry in journal:
        found = _stage_of(stages, entry.step, entry.phase)
        here = here if found is None else found
        if placed:
            placed[here].append(entry)
    return placed


def _stage_of(stages: Sequence[Stage], step: int, phase: str) -> int | None:
    for index, stage in enumerate(stages):
        if stage.step == step and phase in stage.phases:
            return index
    return None


def _states(stages: Sequence[Stage], deployment: Deployment, placed: list[list[JournalEntry]]) -> list[str]:
    state = deployment.state
    if state == DeploymentState.DONE:
        return ["done"] * len(stages)
    if state == DeploymentState.QUEUED:
        return ["planned"] * len(stages)
    here = _here(stages, deployment, placed)
    if state == DeploymentState.RUNNING:
        return ["done" if index < here else "running" if index == here else "planned" for index in range(len(stages))]
    broke = _broke(placed, here) if state in BROKEN else here
    over = "planned" if state in {DeploymentState.STUCK, DeploymentState.HALF} else "skipped"
    at_break = "failed" if state in BROKEN else "skipped"
    return [
        "done" if index < broke else at_break if index == broke else "done" if placed[index] else over
        for index in range(len(stages))
    ]


def _here(stages: Sequence[Stage], deployment: Deployment, placed: list[list[JournalEntry]]) -> int:
    found = _stage_of(stages, deployment.step, deployment.phase)
    if found is not None:
        return found
    return max((index for index, entries in enumerate(placed) if entries), default=0)


def _broke(placed: list[list[JournalEntry]], here: int) -> int:
    bad = [
        index
        for index, entries in enumerate(placed)
        if any(entry.kind in {JournalKind.ERROR, JournalKind.WARNING} for entry in entries)
    ]
    return bad[0] if bad else here


def _live(
    stage: Stage, state: str, placed: list[list[JournalEntry]], index: int, *, end: datetime, announced: bool
) -> LiveStage:
    """One stage. After a failure the plan's words no longer hold (`announced`): only the journal's do."""
    entries = placed[index]
    began = entries[0].at if entries else None
    return LiveStage(
        title=stage.title,
        state=state,
        detail=stage.detail if announced else "",
        lines=stage.lines if announced else (),
        at=began,
        duration=duration((_next_beginning(placed, index, end) - began).total_seconds()) if began else "",
        log=tuple(_log(entries)),
    )


def _log(entries: Sequence[JournalEntry]) -> Iterator[LogLine]:
    """The sentences. The call that was written down before it was made belongs to the sentence of what came of it."""
    calls: list[JournalEntry] = []
    for entry in entries:
        if entry.kind == JournalKind.INTENT:
            calls.append(entry)
        elif calls and not entry.sentence.startswith(LOOKED_AGAIN):
            *lost, call = calls
            yield from _unanswered(lost)
            yield LogLine(entry.at, entry.sentence, entry.detail, call.sentence)
            calls = []
        else:
            yield LogLine(entry.at, entry.sentence, entry.detail)
    yield from _unanswered(calls)


def _unanswered(calls: Sequence[JournalEntry]) -> Iterator[LogLine]:
    """Calls of which nobody wrote down what came: their worker was lost, or is just waiting for the answer."""
    return (LogLine(call.at, "Asked AWS; no answer is written down", call=call.sentence) for call in calls)


def _next_beginning(placed: list[list[JournalEntry]], index: int, end: datetime) -> datetime:
    later = [entries[0].at for entries in placed[index + 1 :] if entries]
    return min((at for at in later if at >= placed[index][0].at), default=end)
