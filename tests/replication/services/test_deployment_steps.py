"""The stages of a deployment in the record: what moves, once."""

from __future__ import annotations

from deploy_engine.execution.states import State
from deploy_engine.planning import Resources, Step, plan_to_record
from replication.choices import AuditKind
from replication.models import AuditEvent, Deployment
from replication.services.deployment_steps import deployment_step_tell
from replication.services.deployments import team_deploy
from tests.engine.execution.plans import plan_of
from tests.replication.conftest import Stage

STEP = Step(("food-foodsearch",), ("food-foodsearch",), (), (), (), (), Resources(modify=("Task",)), (), "{}")


def _deployment(stage: Stage) -> Deployment:
    deployment = team_deploy(actor=stage.people.platform, environment=stage.environment, team=stage.food)
    deployment.plan = plan_to_record(plan_of([STEP, STEP], None))
    return deployment


def test_step_tell__stage_after_stage__says_what_moves_once_each(stage: Stage) -> None:
    deployment = _deployment(stage)
    for step in (0, 1):
        for phase in (State.PREPARE, State.GUARD, State.PAUSE, State.PAUSE, State.EXECUTE, State.RESUME, State.VERIFY):
            deployment.step, deployment.phase = step, phase
            deployment_step_tell(deployment)

    told = AuditEvent.objects.filter(kind=AuditKind.DEPLOYMENT_STEP, deployment=deployment).order_by("sequence")
    assert [event.sentence.partition("local/food, ")[2] for event in told] == [
        "step 1 of 2, stops food-foodsearch.",
        "step 1 of 2, lets CloudFormation update the stack.",
        "step 1 of 2, makes food-foodsearch run.",
        "step 2 of 2, stops food-foodsearch.",
        "step 2 of 2, lets CloudFormation update the stack.",
        "step 2 of 2, makes food-foodsearch run.",
    ]


def test_step_tell__without_a_plan__says_nothing(stage: Stage) -> None:
    deployment = team_deploy(actor=stage.people.platform, environment=stage.environment, team=stage.food)
    deployment.phase = State.PAUSE

    deployment_step_tell(deployment)

    assert not AuditEvent.objects.filter(kind=AuditKind.DEPLOYMENT_STEP).exists()
