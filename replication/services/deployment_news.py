"""When a deployment's state changes: the change request follows, and the audit is told. Once for each state."""

from __future__ import annotations

from django.db import transaction

from deploy_engine.execution.decisions.giving_up import PERSON
from replication.choices import AuditKind, DeploymentState, IncidentKind
from replication.models import ChangeRequest, Deployment
from replication.selectors.carried import change_requests_carried
from replication.selectors.incidents import incidents_open
from replication.services.audit import audit_write
from replication.services.deployment_steps import deployment_step_tell
from replication.services.enqueue import enqueue_after_commit
from replication.services.incidents import incident_open, incident_over
from replication.services.moving import change_request_move
from replication.services.plans_again import plans_make_again
from replication.transitions import Act, transition_find

_ACTS: dict[str, Act] = {
    DeploymentState.RUNNING: Act.DEPLOYMENT_START,
    DeploymentState.DONE: Act.DEPLOYMENT_FINISH,
    DeploymentState.REFUSED: Act.DEPLOYMENT_FAIL,
    DeploymentState.FAILED_SAFE: Act.DEPLOYMENT_FAIL,
    DeploymentState.CANCELLED: Act.DEPLOYMENT_FAIL,
    DeploymentState.HALF: Act.DEPLOYMENT_FAIL,
    DeploymentState.STUCK: Act.DEPLOYMENT_FAIL,
    DeploymentState.REPLACED: Act.DEPLOYMENT_FAIL,
}
_KINDS: dict[str, AuditKind] = {
    DeploymentState.RUNNING: AuditKind.DEPLOYMENT_STARTED,
    DeploymentState.DONE: AuditKind.DEPLOYMENT_FINISHED,
}
_WENT_ON: dict[str, str] = {DeploymentState.RUNNING: "goes on", DeploymentState.DONE: "is done"}
_NEED_A_PERSON = (DeploymentState.HALF, DeploymentState.STUCK)
_WORDS: dict[str, str] = {
    DeploymentState.RUNNING: "began",
    DeploymentState.DONE: "is done",
    DeploymentState.REFUSED: "was refused before it touched anything",
    DeploymentState.FAILED_SAFE: "failed; everything is as it was before",
    DeploymentState.CANCELLED: "was cancelled",
    DeploymentState.HALF: "is half done",
    DeploymentState.STUCK: "needs a person",
    DeploymentState.REPLACED: "gave way to another one",
}


@transaction.atomic
def deployment_tell(*, deployment_id: int) -> None:
    """Let the change request and the audit follow the deployment's state; does nothing where they know it already."""
    deployment = (
        Deployment.objects.select_for_update(of=("self",))
        .select_related("environment", "team", "revision", "change_request")
        .get(pk=deployment_id)
    )
    deployment_step_tell(deployment)
    state = deployment.state
    if state in (deployment.told_state, DeploymentState.QUEUED):
        return
    deployment.told_state = state
    deployment.save(update_fields=["told_state"])
    _change_requests_follow(deployment)
    how = f" {_why(deployment)}" if deployment.is_finished or state in _NEED_A_PERSON else ""
    scope = f"{deployment.environment.name}/{deployment.team.slug if deployment.team else 'base'}"
    audit_write(
        actor=None,
        kind=_KINDS.get(state, AuditKind.DEPLOYMENT_FAILED),
        deployment=deployment,
        sentence=f"Deployment {deployment.pk} of {scope} {_WORDS[state]}.{how}",
        data={"run": deployment.run, "state": state, "revision": deployment.revision.number},
    )
    _call_a_person(deployment)
    if deployment.is_finished:
        _after_the_end(deployment)


def _call_a_person(deployment: Deployment) -> None:
    """An incident from the first moment in which it cannot go on by itself, until it does or is over."""
    if deployment.state in _NEED_A_PERSON:
        incident_open(
            kind=IncidentKind.NEEDS_A_PERSON,
            environment=deployment.environment,
            team=deployment.team,
            subject=deployment.stack,
            sentence=f"Deployment {deployment.pk} of {deployment.stack} needs a person. {_why(deployment)}",
            remedy="Its page says how each task is now, and what can be done.",
            deployment=deployment,
        )
        return
    for incident in incidents_open().filter(kind=IncidentKind.NEEDS_A_PERSON, deployment=deployment):
        incident_over(
            incident=incident, reason=f"deployment {deployment.pk} {_WENT_ON.get(deployment.state, 'is over')}"
        )


def _why(deployment: Deployment) -> str:
    """Its sentence without what was said before it: that it needs a person, or that it is half done."""
    said = deployment.sentence.removeprefix(f"{PERSON}: ").removeprefix("Half done: ").rstrip(".")
    is_a_name = "-" in said.partition(" ")[0]  # of a stack or a task
    return f"{said if is_a_name else said[:1].upper() + said[1:]}." if said else ""


def _change_requests_follow(deployment: Deployment) -> None:
    """Its own change request, and every earlier one of the scope that this deployment carries with it."""
    act = _ACTS[deployment.state]
    reason = f"deployment {deployment.pk} {_WORDS[deployment.state]}"
    for number in change_requests_carried(deployment):
        change_request = ChangeRequest.objects.select_for_update().get(pk=number)
        if transition_find(change_request.state, act) is not None:
            change_request_move(change_request=change_request, act=act, actor=None, reason=reason)


def _after_the_end(deployment: Deployment) -> None:
    """The next one in the queue may begin; open changes of the scope were planned against what is no longer there."""
    waiting = Deployment.objects.filter(stack=deployment.stack, state=DeploymentState.QUEUED).order_by("id").first()
    if waiting is not None:
        enqueue_after_commit("replication.deployment_tick", waiting.pk)
    plans_make_again(environment=deployment.environment, team=deployment.team)
