"""The two stacks: what a scope's config becomes in CloudFormation.

Which resource stands in which partial is the templates' business (``templates/``); this module gives them their values.
"""

from __future__ import annotations

from deploy_engine.config.company import Subject
from deploy_engine.config.task import Delivery
from deploy_engine.rendering import thresholds
from deploy_engine.rendering.mappings import task_mappings
from deploy_engine.rendering.rendered import RenderedTemplate, written
from deploy_engine.rendering.settings import task_settings
from deploy_engine.rendering.template_language import FOLDER, Templates

_TEMPLATES = Templates(FOLDER)


def render(subject: Subject) -> RenderedTemplate:
    """The stack of the subject's scope. The same config gives the same bytes."""
    return render_base_stack(subject) if subject.is_base else render_team_stack(subject)


def render_base_stack(subject: Subject) -> RenderedTemplate:
    """What an environment's team stacks share: lake role, the two lake endpoints, security group, subnet group."""
    environment = subject.environment
    return written(
        _TEMPLATES.fill("base_stack.j2", environment=environment, file=environment.file, deliveries=tuple(Delivery))
    )


def render_team_stack(subject: Subject) -> RenderedTemplate:
    """One team's sources, instances, tasks and alarms. A task without an active table is absent, with its alarms.

    The config's references must hold (check ``config.references``).
    """
    environment, team = subject.environment, subject.team
    tasks = {name: task for name, task in sorted(team.document.tasks.items()) if task.active_tables}
    filled = _TEMPLATES.fill(
        "team_stack.j2",
        environment=environment,
        file=environment.file,
        slug=team.slug,
        team=team.document.team,
        tasks=tasks,
        mappings={name: task_mappings(task) for name, task in tasks.items()},
        settings={name: task_settings(task) for name, task in tasks.items()},
        thresholds=thresholds,
    )
    return written(filled)
