"""Starting a task again that a deployment left stopped and nobody answers for any more: guarded, with an incident."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from deploy_engine.errors import AwsRefused
from deploy_engine.execution.facts import STOPPED, TAG_DESIRED, TAG_RESUME_BY, TAG_RUN
from deploy_engine.execution.guarded_start import guarded_start
from deploy_engine.live import TaskView
from replication.choices import LIVE_DEPLOYMENT_STATES, IncidentKind
from replication.configuration import is_fenced
from replication.deployments.lease import lease_held
from replication.models import Deployment, Environment, StackClaim, Team
from replication.services.incidents import incident_open
from replication.services.plans_again import plans_make_again

if TYPE_CHECKING:
    from deploy_engine.execution.ports import AwsHands

FENCE = "watchdog"
"""What the watchdog's sessions bear where AWS fences late calls off: a deployment's late stop has another."""


@dataclass(frozen=True)
class Left:
    """Why a task at rest is Sluice's to start again; `unknown_run` names a run that this database does not know."""

    sentence: str
    unknown_run: str = ""


@dataclass(frozen=True)
class Whose:
    """Whose a task is: its stack, and as far as this database knows them its team and what was deployed last."""

    environment: Environment
    team: Team | None
    stack: str
    deployment: Deployment | None = None


def is_worked_on(stack: str) -> bool:
    """Whether a live deployment holds the stack: its own, or the base stack's, which may stop every team's tasks."""
    live = Deployment.objects.filter(stack=stack, state__in=LIVE_DEPLOYMENT_STATES)
    return live.exists() or StackClaim.objects.filter(stack=stack).exists()


def left_by_unknown_run(task: TaskView, tags: Mapping[str, str], now: datetime) -> Left | None:
    """Whether the note on a task is of a run that this database does not know, and whose time to resume is over."""
    run = tags.get(TAG_RUN, "")
    if not run or tags.get(TAG_DESIRED) == STOPPED or not is_over(tags.get(TAG_RESUME_BY, ""), now):
        return None
    if Deployment.objects.filter(run=run).exists():
        return None
    return Left(
        f"{task.name} was stopped by the deployment {run}, which this database does not know (it may have been "
        "restored from a backup), and nobody has started it again in time.",
        unknown_run=run,
    )


def is_over(resume_by: str, now: datetime) -> bool:
    """Whether the moment on the note has passed; a note without one never does."""
    try:
        moment = datetime.fromisoformat(resume_by)
    except ValueError:
        return False
    return moment.tzinfo is not None and moment <= now


def leftover_start(*, whose: Whose, task: TaskView, left: Left, hands: AwsHands) -> None:
    """Write the incident down, then start the task: whoever comes next knows what was meant."""
    owner = f"{socket.gethostname()}:{os.getpid()}:{threading.get_ident()}:sweep"
    with lease_held(whose.stack, owner) as held:
        if not held or is_worked_on(whose.stack):
            return
        alarm(whose, task, IncidentKind.LEFT_STOPPED, left.sentence, "Sluice is starting it again.")
        if left.unknown_run:
            plans_make_again(environment=whose.environment, team=whose.team)
        obstacle = _try(hands, whose, task)
        remedy = f"It stays stopped: {obstacle}. Sluice tries again." if obstacle else "Sluice has started it again."
        alarm(whose, task, IncidentKind.LEFT_STOPPED, left.sentence, remedy)


def _try(hands: AwsHands, whose: Whose, task: TaskView) -> str:
    environment = whose.environment
    fence = FENCE if is_fenced(environment.name) else ""
    try:
        return guarded_start(hands, stack=whose.stack, lake_bucket=environment.lake_bucket, task=task, fence=fence)
    except AwsRefused as refused:
        return f"AWS refuses it ({refused})"


def alarm(whose: Whose, task: TaskView, kind: IncidentKind, sentence: str, remedy: str) -> None:
    """Open the incident about a task, or bring the one that stands up to date."""
    incident_open(
        kind=kind,
        environment=whose.environment,
        team=whose.team,
        subject=task.name,
        sentence=sentence,
        remedy=remedy,
        deployment=whose.deployment,
    )
