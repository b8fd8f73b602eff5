"""Tasks that stand still although the deployed revision wants them to run, and no deployment that answers for them.

What a deployment of Sluice stopped is started again, guarded, and an incident says so: a worker's late stop, a database
restored from an old backup, an abandoned run on somebody's machine. What something else stopped is left alone, and an
incident says that it stands still. Both are settled as soon as the task is seen running.

Who stopped a task is told by the notes on the task itself, which outlive the database, and by this database's own last
deployment of the stack. A note of a run that nobody here knows counts only once its time to resume is over: until then
somebody else may be at work.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import structlog
from django.db.models import Q, QuerySet

from deploy_engine.errors import EngineError
from deploy_engine.execution.facts import STOPPED, TAG_DESIRED, TAG_RESUME_BY, TAG_RUN
from deploy_engine.live import TaskView
from replication.choices import IncidentKind
from replication.database_clock import database_now
from replication.documents import environment_file_of
from replication.models import Deployment, Environment, Incident, TaskStatus, Team
from replication.selectors.incidents import deployed_last, incidents_open, tasks_wanted_running
from replication.services.engine import aws_hands
from replication.services.incidents import incident_over
from replication.services.leftovers import (
    Left,
    Whose,
    alarm,
    is_over,
    is_worked_on,
    left_by_unknown_run,
    leftover_start,
)

if TYPE_CHECKING:
    from deploy_engine.config import EnvironmentFile
    from deploy_engine.execution.ports import AwsHands

    OpenHands = Callable[[EnvironmentFile], AbstractContextManager[AwsHands]]

log = structlog.get_logger(__name__)

LATE_STOP = timedelta(minutes=1)
"""A worker that was overtaken may send one stop after its deployment's end, not later than this."""

_KINDS = (IncidentKind.LEFT_STOPPED, IncidentKind.STANDS_STILL)


def standing_still_sweep(*, open_hands: OpenHands = aws_hands) -> None:
    """Look at every team of which something was seen at rest; AWS that is away is looked at again next time."""
    for environment in Environment.objects.all():
        last = [deployed_last(environment, team) for team in _teams_to_look_at(environment)]
        if not any(last):
            continue
        try:
            with open_hands(environment_file_of(environment)) as hands:
                for deployment in filter(None, last):
                    _sweep_stack(environment, deployment, hands)
        except EngineError as error:
            log.info("sweep.unreachable", environment=environment.name, error=str(error))


def _teams_to_look_at(environment: Environment) -> QuerySet[Team]:
    """Those with an unsettled incident, and those of which the observer last saw a task that neither ran nor should
    rest: the others cost no call.
    """
    suspect = TaskStatus.objects.filter(task__setup__environment=environment, task__paused=False)
    suspect = suspect.exclude(state__in=("", "running", "starting"))
    alarmed = incidents_open(environment=environment).filter(kind__in=_KINDS)
    return Team.objects.filter(
        Q(pk__in=suspect.values("task__setup__team")) | Q(pk__in=alarmed.values("team"))
    ).order_by("slug")


def _sweep_stack(environment: Environment, deployed: Deployment, hands: AwsHands) -> None:
    if is_worked_on(deployed.stack):
        return
    wanted = tasks_wanted_running(deployed)
    tasks = hands.tasks(wanted) if wanted else {}
    standing = incidents_open(environment=environment).filter(team=deployed.team, kind__in=_KINDS)
    for incident in standing.exclude(deployment=None):  # those without one are `forgotten_tasks`' own
        seen = tasks.get(incident.subject)
        if incident.subject not in wanted:
            incident_over(incident=incident, reason="the deployed config no longer wants it to run")
        elif seen is not None and seen.running:
            stood = (database_now() - incident.opened_at).total_seconds()
            incident_over(incident=incident, reason=f"it runs again, {stood:.0f} s after the incident was opened")
    for task in tasks.values():
        if task.at_rest:
            _judge(environment, deployed, task, hands)


def _judge(environment: Environment, deployed: Deployment, task: TaskView, hands: AwsHands) -> None:
    tags = hands.task_tags(task.arn)
    now = database_now()
    whose = Whose(environment, deployed.team, deployed.stack, deployed)
    left = left_by_sluice(deployed, task, tags, now)
    if left is not None:
        leftover_start(whose=whose, task=task, left=left, hands=hands)
    elif not _somebody_elses(tags, now) and not _is_known(environment, task):
        reason = task.last_failure or task.stop_reason
        said = f" DMS says: {reason}" if reason else ""
        alarm(
            whose,
            task,
            IncidentKind.STANDS_STILL,
            f"{task.name} is {task.status}, although the deployed config wants it to run, and no deployment of Sluice "
            f"stopped it.{said}",
            "Whoever stopped it knows why. Deploy the accepted config again to start it, or propose to pause it.",
        )


def left_by_sluice(deployed: Deployment, task: TaskView, tags: Mapping[str, str], now: datetime) -> Left | None:
    """Why it is Sluice that has to start a task at rest again, or None where it is not."""
    if tags.get(TAG_DESIRED) == STOPPED:
        return None
    run = tags.get(TAG_RUN, "")
    known = Deployment.objects.filter(run=run).first() if run else None
    if known is not None:
        return None if not known.is_finished else Left(f"Deployment {known.pk} stopped {task.name} and is over.")
    if run:
        return left_by_unknown_run(task, tags, now)
    if Incident.objects.filter(
        environment=deployed.environment, kind=IncidentKind.LEFT_STOPPED, subject=task.name, settled_at__isnull=True
    ).exists():
        return Left(f"{task.name} was left stopped by a deployment.")
    return _stopped_late(deployed, task)


def _stopped_late(deployed: Deployment, task: TaskView) -> Left | None:
    last = Deployment.objects.filter(stack=deployed.stack, finished_at__isnull=False).order_by("-id").first()
    if last is None or last.started_at is None or last.finished_at is None or task.stopped_at is None:
        return None
    ours = last.journal.filter(sentence=f"StopReplicationTask {task.name}").exists()
    if ours and last.started_at <= task.stopped_at <= last.finished_at + LATE_STOP:
        return Left(f"Deployment {last.pk} stopped {task.name}, and is over.")
    return None


def _is_known(environment: Environment, task: TaskView) -> bool:
    """Whether a person has settled the incident about it, and it has not run since."""
    same = Incident.objects.filter(environment=environment, kind=IncidentKind.STANDS_STILL, subject=task.name)
    last = same.order_by("-id").first()
    if last is None or last.settled_at is None or last.settled_by_id is None:
        return False
    return task.stopped_at is None or task.stopped_at <= last.settled_at


def _somebody_elses(tags: Mapping[str, str], now: datetime) -> bool:
    return TAG_RUN in tags and not is_over(tags.get(TAG_RESUME_BY, ""), now)
