"""The card "Rehearsal" of a change request: for `templates/changes/rehearsal.html`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from deploy_engine.execution.rehearsal import RehearsalOutcome, RehearsalResult, RehearsedLoad, RehearsedPause
from deploy_engine.execution.rehearsed_faults import RehearsedFault, faults_of
from deploy_engine.execution.states import State
from portal.presenters.badges import Badge, badge_for
from portal.presenters.plan_summary import sentence
from portal.presenters.words import counted, listed
from portal.templatetags.sluice import duration
from replication.choices import RehearsalState, Tone
from replication.models import Rehearsal
from replication.policies import Decision
from replication.selectors.change_request_page import ChangeRequestPage
from replication.selectors.deployed_elsewhere import DeployedElsewhere, WatchedTask

WAITS = "Waits for a worker"
OF_AN_EARLIER_VERSION = Badge("of an earlier version", Tone.NEUTRAL, "×")


@dataclass(frozen=True)
class StoryLine:
    """One line of what happened, `at` so many simulated seconds after the beginning."""

    at: str
    text: str
    detail: str


@dataclass(frozen=True)
class ElsewhereLine:
    """Where the same tables really run, and how late their tasks are there, in a sentence each."""

    place: DeployedElsewhere
    latencies: tuple[str, ...]


@dataclass(frozen=True)
class RehearsalCard:
    """What is known of the newest rehearsal, and the button for another one.

    `badge` is None where there was none. `stale`: it was of an earlier version of the document. `problems` come first;
    `warnings` say why it proves less than it might.
    """

    url: str
    label: str
    may: Decision
    badge: Badge | None = None
    stale: bool = False
    running: str = ""
    asked_by: str = ""
    at: datetime | None = None
    problems: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    summary: str = ""
    same_plan: bool = False
    loads: tuple[RehearsedLoad, ...] = ()
    story: tuple[StoryLine, ...] = ()
    took: str = ""
    elsewhere: tuple[ElsewhereLine, ...] = ()
    faults: tuple[tuple[str, str], ...] = ()
    """What can be made to go wrong: value and words."""
    fault: str = ""
    """What was made to go wrong in the rehearsal shown, as a sentence."""
    ended: str = ""


def rehearsal_card(page: ChangeRequestPage) -> RehearsalCard | None:
    """The card; None for a request that is over and was never rehearsed."""
    change_request, newest = page.change_request, page.rehearsal
    elsewhere = tuple(elsewhere_line(place) for place in page.elsewhere)
    if newest is None and not elsewhere and not change_request.is_open:
        return None
    url = reverse("changes:rehearse", args=[change_request.number])
    if newest is None:
        return RehearsalCard(url, "Rehearse", page.rehearse, elsewhere=elsewhere, faults=_faults(page))
    result = RehearsalResult.from_json(newest.result) if newest.result is not None else None
    stale = newest.document_hash != change_request.document_hash
    return RehearsalCard(
        url=url,
        label="Rehearse again",
        may=page.rehearse,
        badge=OF_AN_EARLIER_VERSION if stale else badge_for(newest.state_choice),
        stale=stale,
        running=(newest.progress or WAITS) if newest.is_live else "",
        asked_by=newest.requested_by_name,
        at=newest.finished_at or newest.requested_at,
        problems=_problems(newest, result),
        warnings=_warnings(result),
        summary=_summary(result) if newest.state == RehearsalState.PASSED else "",
        same_plan=result is not None and result.same_plan and not stale,
        loads=result.loads if result is not None else (),
        story=_story(result),
        took=duration(result.seconds) if result is not None else "",
        elsewhere=elsewhere,
        faults=_faults(page),
        fault=_fault(newest),
        ended=_ended(result),
    )


def _faults(page: ChangeRequestPage) -> tuple[tuple[str, str], ...]:
    if page.plan is None:
        return ()
    return tuple((str(fault), fault.sentence) for fault in faults_of(page.plan))


def _fault(rehearsal: Rehearsal) -> str:
    if not rehearsal.fault:
        return ""
    return f"It was rehearsed with a fault: {RehearsedFault.parse(rehearsal.fault).sentence}."


def _ended(result: RehearsalResult | None) -> str:
    """How the deployment came through its fault; empty without one."""
    if result is None or not result.ended:
        return ""
    state, _, message = result.ended.partition(": ")
    held = "Every task that should run does." if result.outcome is RehearsalOutcome.PASSED else ""
    if state == State.DONE:
        return f"The deployment got there all the same. {held}".strip()
    return f"The deployment ended as “{state.replace('-', ' ')}”: {sentence(message)} {held}".strip()


def elsewhere_line(place: DeployedElsewhere) -> ElsewhereLine:
    """What is known of the tables in another environment."""
    return ElsewhereLine(place, tuple(_latency(task) for task in place.watched))


def _latency(task: WatchedTask) -> str:
    """Both latencies, now and at their worst, over what was measured since the deployment."""
    series = task.latency
    if series is None or series.target_most is None:
        return f"How late {task.name} is there was not measured yet."
    span = series.points[-1][0] - series.points[0][0]
    over = f", over the last {duration(span)}" if span else ""
    now = "is not known" if series.target_now is None else f"is {duration(series.target_now)}"
    said = (
        f"{task.name} there{over}: the latency into the lake {now} now, and was {duration(series.target_most)} at most"
    )
    if series.source_most is None:
        return f"{said}."
    read = "unknown" if series.source_now is None else duration(series.source_now)
    return f"{said}; at the source {read} now, {duration(series.source_most)} at most."


def _problems(rehearsal: Rehearsal, result: RehearsalResult | None) -> tuple[str, ...]:
    own = (sentence(rehearsal.error),) if rehearsal.error else ()
    return (*own, *(sentence(problem) for problem in result.problems)) if result is not None else own


def _warnings(result: RehearsalResult | None) -> tuple[str, ...]:
    if result is None or not result.plan_differences:
        return ()
    return tuple(f"The plan in the copy was not quite this one: {words}." for words in result.plan_differences)


def _summary(result: RehearsalResult | None) -> str:
    """What paused, what loaded, and that nothing else moved (a rehearsal in which something did has not passed)."""
    if result is None or result.outcome is not RehearsalOutcome.PASSED:
        return ""
    acts = []
    if result.pauses:
        acts.append("paused " + listed([_pause(pause) for pause in result.pauses]))
    if result.loads:
        acts.append(f"loaded {counted(len(result.loads), 'table')}")
    acts.append("nothing else moved")
    told = "; ".join(acts)
    return f"{told[0].upper()}{told[1:]}."


def _pause(pause: RehearsedPause) -> str:
    """ "food-nutrition for 18 s (simulated)", with the figure kept beside its unit."""
    return f"{pause.task} for {duration(pause.seconds)} (simulated)".replace(" s ", "\N{NO-BREAK SPACE}s ")


def _story(result: RehearsalResult | None) -> tuple[StoryLine, ...]:
    lines = result.lines if result is not None else ()
    return tuple(StoryLine(f"{line.second:.0f} s", line.message, line.detail) for line in lines)
