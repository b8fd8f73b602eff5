"""What a deployment does now, told to the record once for each stage of each step."""

from __future__ import annotations

from deploy_engine.execution.states import State
from deploy_engine.planning import Step, plan_from_record
from replication.choices import AuditKind
from replication.models import Deployment
from replication.services.audit import audit_write

_TOLD = (State.PAUSE, State.EXECUTE, State.RESUME)


def deployment_step_tell(deployment: Deployment) -> None:
    """Tell where `deployment` has come to; nothing where it was told, or where the stage moves nothing.

    The caller holds the row locked.
    """
    stage = f"{deployment.step}:{deployment.phase}"
    if stage == deployment.told_stage or deployment.phase not in _TOLD or not deployment.plan:
        return
    deployment.told_stage = stage
    deployment.save(update_fields=["told_stage"])
    steps = plan_from_record(deployment.plan).steps
    if deployment.step >= len(steps):
        return
    does = _words(State(deployment.phase), steps[deployment.step])
    if not does:
        return
    place = f", step {deployment.step + 1} of {len(steps)}," if len(steps) > 1 else ""
    scope = f"{deployment.environment.name}/{deployment.team.slug if deployment.team else 'base'}"
    audit_write(
        actor=None,
        kind=AuditKind.DEPLOYMENT_STEP,
        deployment=deployment,
        sentence=f"Deployment {deployment.pk} of {scope}{place} {does}.",
        data={"run": deployment.run, "step": deployment.step + 1, "phase": deployment.phase},
    )


def _words(phase: State, step: Step) -> str:
    if phase is State.PAUSE:
        return f"stops {', '.join(step.pause)}" if step.pause else ""
    if phase is State.EXECUTE:
        return "lets CloudFormation update the stack" if step.resources.any else ""
    running = (*step.resume, *step.start)
    return f"makes {', '.join(running)} run" if running else ""
