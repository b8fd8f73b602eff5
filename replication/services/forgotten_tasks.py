"""Tasks that a run stopped of which this database knows nothing: it was lost, or restored from an older backup.

What is asked by name finds none of them: the database may not know the task, its team, or that it should run. So now
and then all tasks of an environment are listed, and of those at rest the notes are read: a call for each hundred tasks,
and one for each that stands still. A note whose time to resume is over is a debt that nobody else will pay.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from typing import TYPE_CHECKING

import structlog

from deploy_engine.config.physical_names import team_stack_name
from deploy_engine.errors import EngineError
from deploy_engine.live import TaskView
from replication.choices import IncidentKind
from replication.database_clock import database_now
from replication.documents import environment_file_of
from replication.models import Environment, Team
from replication.selectors.incidents import incidents_open
from replication.services.engine import aws_janitor
from replication.services.incidents import incident_over
from replication.services.leftovers import Whose, is_worked_on, left_by_unknown_run, leftover_start

if TYPE_CHECKING:
    from deploy_engine.config import EnvironmentFile
    from replication.services.engine import Janitor

    OpenJanitor = Callable[[EnvironmentFile], AbstractContextManager[Janitor]]

log = structlog.get_logger(__name__)


def forgotten_tasks_sweep(*, open_janitor: OpenJanitor | None = None) -> None:
    """Look through every environment; AWS that is away is looked at again next time."""
    for environment in Environment.objects.all():
        try:
            with (open_janitor or aws_janitor)(environment_file_of(environment)) as janitor:
                tasks = {task.name: task for task in janitor.lister.every_task()}
                _settle(environment, tasks)
                for task in tasks.values():
                    if task.at_rest:
                        _judge(environment, task, janitor, database_now())
        except EngineError as error:
            log.info("forgotten_tasks.unreachable", environment=environment.name, error=str(error))


def _judge(environment: Environment, task: TaskView, janitor: Janitor, now: datetime) -> None:
    whose = _whose(environment, task)
    if is_worked_on(whose.stack):
        return
    left = left_by_unknown_run(task, janitor.hands.task_tags(task.arn), now)
    if left is not None:
        leftover_start(whose=whose, task=task, left=left, hands=janitor.hands)


def _whose(environment: Environment, task: TaskView) -> Whose:
    """By the task's name, which frozen names begin with the team's: this database may know neither."""
    slug = task.name.partition("-")[0]
    team = Team.objects.filter(slug=slug).first()
    return Whose(environment, team, team_stack_name(environment.name, slug))


def _settle(environment: Environment, tasks: Mapping[str, TaskView]) -> None:
    """Incidents that the sweep by names does not come to, for it knows no deployment of theirs."""
    standing = incidents_open(environment=environment).filter(kind=IncidentKind.LEFT_STOPPED, deployment=None)
    for incident in standing:
        task = tasks.get(incident.subject)
        if task is None:
            incident_over(incident=incident, reason="there is no such task any more")
        elif task.running:
            incident_over(incident=incident, reason="it runs again")
