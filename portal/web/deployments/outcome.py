"""After a failure: what happened, what state things are in now, and the original words of AWS. And the paused clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from portal.presenters.badges import Badge, badge_for
from portal.presenters.meters import Meter
from portal.presenters.plan_summary import about, sentence
from portal.templatetags.sluice import duration
from portal.web.deployments.timeline import BROKEN
from replication.choices import DeploymentState, JournalKind
from replication.models import Task
from replication.selectors.deployment_page import DeploymentPage
from replication.selectors.health import task_health, task_status_of
from replication.selectors.paused_time import paused_seconds

NOTHING_LOST = "nothing was lost: what waits in the source's log is read when the task goes on"
SETTLED = {
    DeploymentState.REFUSED: "Nothing was touched. Everything runs as it did before.",
    DeploymentState.FAILED_SAFE: f"It was undone: the tasks are as the old config wants them, and {NOTHING_LOST}.",
    DeploymentState.CANCELLED: "It was given up. The tasks are as they were before.",
    DeploymentState.HALF: "The first step is done, the last is not. The tasks run without the last step's tables.",
    DeploymentState.STUCK: "It needs a person. What runs and what stands still is listed below.",
}


@dataclass(frozen=True)
class TaskNow:
    """One task of the deployment as it was last seen; `note` is DMS's word on a failure, or empty."""

    name: str
    badge: Badge
    note: str
    seen_at: datetime | None


@dataclass(frozen=True)
class Outcome:
    """The three things to say after a failure, in this order."""

    title: str
    happened: str
    now: str
    originals: tuple[str, ...]


def outcome(page: DeploymentPage) -> Outcome | None:
    """None while a deployment runs, and after one that succeeded."""
    deployment = page.deployment
    state = deployment.state_choice
    if state not in SETTLED:
        return None
    errors = [entry for entry in page.journal if entry.kind == JournalKind.ERROR] if state in BROKEN else []
    happened = deployment.sentence or (errors[-1].sentence if errors else str(state.label))
    originals = tuple(dict.fromkeys(entry.detail for entry in errors if entry.detail))
    return Outcome(str(state.label).capitalize(), sentence(happened), SETTLED[state], originals)


def tasks_now(page: DeploymentPage) -> list[TaskNow]:
    """Every task that the plan touches, as far as the config still has it."""
    return [TaskNow(name, badge_for(task_health(task)), *_seen(task)) for name, task in page.tasks.items()]


def pause_clock(page: DeploymentPage, *, now: datetime) -> Meter | None:
    """How long tasks stood still against the plan's estimate; None for a plan that pauses nothing."""
    estimate = page.plan.pause_estimate_seconds if page.plan is not None else 0
    if not estimate:
        return None
    stood = paused_seconds(page.journal, page.deployment, now=now)
    if stood is None:
        return Meter("Paused", f"not yet; {about(estimate)} expected", 0, "progress")
    percent = round(100 * stood / estimate)
    tone = "bad" if percent > 200 else "warning" if percent > 100 else "good"
    return Meter("Paused", f"{duration(round(stood))} of {about(estimate)} expected", min(percent, 100), tone)


def _seen(task: Task) -> tuple[str, datetime | None]:
    status = task_status_of(task)
    return (status.failure, status.observed_at) if status is not None else ("", None)
