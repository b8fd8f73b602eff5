"""How a deployment stands, for somebody who has just been woken: what happened, what is so now, what can be done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from deploy_engine.execution.decisions.giving_up import PERSON
from portal.presenters.badges import Badge, badge_for
from portal.presenters.meters import Meter
from portal.presenters.plan_summary import about, sentence
from portal.presenters.words import counted, listed
from portal.templatetags.sluice import duration
from portal.web.deployments.timeline import BROKEN
from replication.choices import DeploymentState, JournalKind
from replication.deployment_standing import Deed
from replication.models import Task
from replication.selectors.deployment_page import DeedOffer, DeploymentPage
from replication.selectors.health import TaskHealth, task_health, task_status_of
from replication.selectors.paused_time import paused_seconds

_RUNS = frozenset({TaskHealth.RUNNING, TaskHealth.LOADING})
_AS_IT_SHOULD = _RUNS | {TaskHealth.PAUSED}


@dataclass(frozen=True)
class TaskNow:
    """One task of the deployment as it was last seen; `note` is DMS's word on a failure, or empty."""

    name: str
    badge: Badge
    note: str
    seen_at: datetime | None
    health: TaskHealth


@dataclass(frozen=True)
class DeedButton:
    """One thing to do; `question` asks for the reason that it takes, `why_not` says why the reader may not."""

    slug: str
    label: str
    url: str
    hint: str
    main: bool
    why_not: str = ""
    question: str = ""


@dataclass(frozen=True)
class Outcome:
    """In this order: what happened, how things stand, what each task does, what can be done; AWS's words beneath."""

    happened: str
    now: str
    tasks: str
    armed: str
    originals: tuple[str, ...]
    deeds: tuple[DeedButton, ...]


_WORDS: dict[Deed, tuple[str, str, str, str]] = {
    Deed.CANCEL: (
        "cancel",
        "cancel",
        "Cancel",
        "It stops where nothing is left half done, and what it stopped runs again.",
    ),
    Deed.TRY_AGAIN: (
        "retry",
        "retry",
        "Try again",
        "It is planned again first; if the plan is no longer the approved one, it stops before it touches anything.",
    ),
    Deed.GO_ON: (
        "go-on",
        "retry",
        "Go on now",
        "It would try again by itself before long; this does not wait for it.",
    ),
    Deed.NEW_VERSION: (
        "new-version",
        "new-version",
        "Give it a new version",
        "Opens a draft in which the tables that have yet to load get a higher version. Once that is merged, this "
        "deployment gives way to it.",
    ),
    Deed.CONTINUE_ROLLBACK: (
        "continue-rollback",
        "continue-rollback",
        "Continue the rollback",
        "What it changes back is stopped for it, as soon as no table loads, and started again. CloudFormation tries "
        "once more and skips no resource; where it succeeds, the deployment ends by itself.",
    ),
}
"""Slug, address, label and hint."""

_QUESTIONS = {Deed.CONTINUE_ROLLBACK: "What was mended, so that the rollback succeeds now?"}


def outcome(page: DeploymentPage, tasks: list[TaskNow], *, now: datetime) -> Outcome | None:
    """None after a deployment that succeeded: there the tasks' own panel says it all."""
    deployment = page.deployment
    if deployment.state == DeploymentState.DONE:
        return None
    state = deployment.state_choice
    errors = [entry for entry in page.journal if entry.kind == JournalKind.ERROR] if state in BROKEN else []
    told = [entry for entry in page.journal if entry.detail] if state in BROKEN else []
    happened = deployment.sentence or (errors[-1].sentence if errors else str(state.label))
    return Outcome(
        happened=sentence(_without_call(happened)),
        now=page.standing.now,
        tasks=tasks_sentence(tasks) if _seen_since(page, tasks) else "",
        armed=armed(page, now=now),
        originals=tuple(dict.fromkeys(entry.detail for entry in told)),
        deeds=tuple(_button(page, offer, index) for index, offer in enumerate(page.deeds)),
    )


def _without_call(happened: str) -> str:
    """That a person is needed, the badge beside it says."""
    said = happened.removeprefix(f"{PERSON}: ")
    is_a_name = "-" in said.partition(" ")[0]  # of a stack or a task
    return said if is_a_name else f"{said[:1].upper()}{said[1:]}"


def _seen_since(page: DeploymentPage, tasks: list[TaskNow]) -> bool:
    """Whether every task was looked at since the deployment last did something; before, `now` knows better."""
    if page.deployment.is_finished or not page.journal:
        return True
    return all(task.seen_at is not None and task.seen_at >= page.journal[-1].at for task in tasks)


def _button(page: DeploymentPage, offer: DeedOffer, index: int) -> DeedButton:
    slug, name, label, hint = _WORDS[offer.deed]
    return DeedButton(
        slug=slug,
        label=label,
        url=reverse(f"deployments:{name}", args=[page.deployment.pk]),
        hint=hint,
        main=index == 0 and offer.deed is not Deed.CANCEL,
        why_not="" if offer.decision else offer.decision.reason,
        question=_QUESTIONS.get(offer.deed, ""),
    )


def tasks_now(page: DeploymentPage) -> list[TaskNow]:
    """Every task that the plan touches, as far as the config still has it; those that do not run come first."""
    seen = [_seen(name, task) for name, task in page.tasks.items()]
    return sorted(seen, key=lambda task: (task.health in _AS_IT_SHOULD, task.name))


def tasks_sentence(tasks: list[TaskNow]) -> str:
    """ "2 of 3 tasks run; food-foodsearch does not (stopped)."; empty where the plan touches none."""
    if not tasks:
        return ""
    running = [task for task in tasks if task.health in _RUNS]
    if len(running) == len(tasks):
        return "Its task runs." if len(tasks) == 1 else f"All {counted(len(tasks), 'task')} run."
    others = [f"{task.name} ({task.badge.label})" for task in tasks if task.health not in _RUNS]
    more = f" and {len(others) - 3} more" if len(others) > 3 else ""
    named = ", ".join(others[:3]) + more if more else listed(others)
    return f"{len(running)} of {counted(len(tasks), 'task')} {'runs' if len(running) == 1 else 'run'}. Not: {named}."


def armed(page: DeploymentPage, *, now: datetime) -> str:
    """Which full loads it waits for, and until when about; empty where it waits for none."""
    parts = []
    for load in page.waiting_for_loads:
        words = f"{load.task} is loading ({load.percent} %)"
        if load.began is not None and 0 < load.percent < 100:
            left = (now - load.began).total_seconds() * (100 - load.percent) / load.percent
            words += f", for about {duration(_roughly(left))} more"
        parts.append(words)
    return f"Armed: {listed(parts)}. The deployment waits for the end and goes by itself." if parts else ""


def _roughly(seconds: float) -> int:
    """Whole minutes, but for the last two."""
    return round(seconds / 60) * 60 if seconds > 120 else round(seconds)


def pause_clock(page: DeploymentPage, *, now: datetime) -> Meter | None:
    """How long tasks stood still against their budget; None where nothing was paused, or will be."""
    estimate = page.plan.pause_estimate_seconds if page.plan is not None else 0
    stood = paused_seconds(page.journal, page.deployment, now=now)
    if stood is None and (not estimate or page.deployment.is_finished):
        return None
    expected = f"{about(estimate)} expected, " if estimate else ""
    allowed = f"{duration(round(page.budget.seconds))} allowed"
    if stood is None:
        return Meter("Paused", f"not yet; {expected}{allowed}", 0, "progress")
    percent = round(100 * stood / page.budget.seconds)
    late = bool(estimate) and stood > 2 * estimate
    tone = "bad" if percent > 100 else "warning" if late or percent > 50 else "good"
    return Meter("Paused", f"{duration(round(stood))}; {expected}{allowed}", min(percent, 100), tone)


def _seen(name: str, task: Task) -> TaskNow:
    status = task_status_of(task)
    health = task_health(task)
    note, seen_at = (status.failure, status.observed_at) if status is not None else ("", None)
    return TaskNow(name, badge_for(health), note, seen_at, health)
