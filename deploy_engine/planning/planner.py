"""The planner: from a case to a plan, or to a refusal in words. Pure, total, deterministic."""

from __future__ import annotations

from dataclasses import dataclass

from deploy_engine.checks.case import Case
from deploy_engine.config.physical_names import base_stack_name, team_of, team_stack_name
from deploy_engine.diffing import StackDifference, TaskConsequence, ground_of_all, template_sha256
from deploy_engine.findings import Finding, Status
from deploy_engine.live import StackView, Unknown
from deploy_engine.planning.base_effects import base_pause_seconds
from deploy_engine.planning.base_refusals import CHECK
from deploy_engine.planning.effects import not_affected, side_effects
from deploy_engine.planning.fingerprint import fingerprint
from deploy_engine.planning.giving_up import with_given_up
from deploy_engine.planning.plan import Flavour, Plan, Step
from deploy_engine.planning.refusals import refusals
from deploy_engine.planning.run_state_effects import PAUSE_SECONDS
from deploy_engine.planning.steps import make_base_steps, make_steps
from deploy_engine.rendering import RenderedTemplate


@dataclass(frozen=True)
class PlanRefused:
    """No plan can be made; every reason, each with its remedy."""

    findings: tuple[Finding, ...]


def stack_name(case: Case) -> str:
    subject = case.subject
    if subject.is_base:
        return base_stack_name(subject.environment_name)
    return team_stack_name(subject.environment_name, subject.team.slug)


def _cannot(message: str, remedy: str) -> PlanRefused:
    return PlanRefused((Finding(CHECK, Status.FAILED, message, remedy=remedy),))


def make_plan(case: Case) -> Plan | PlanRefused:
    """The plan for deploying the case's config over what AWS holds, or why there is none."""
    stack, consequences = case.observation.stack, case.consequences
    if case.rendered is None:
        return _cannot("the config cannot be rendered", "mend what the checks say about it")
    if isinstance(stack, Unknown):
        return _cannot(f"the stack could not be read: {stack.reason}", "try again once AWS can be reached")
    if case.difference is None:
        return _cannot("the deployed template cannot be compared", "deploy the last accepted config again")
    if isinstance(consequences, Unknown):
        return _cannot(f"the tasks could not be read: {consequences.reason}", "try again once AWS can be reached")
    refused = refusals(case)
    if refused:
        return PlanRefused(refused)
    return _planned(case, stack, case.rendered, case.difference, consequences)


def _locks(case: Case, difference: StackDifference, consequences: tuple[TaskConsequence, ...]) -> tuple[str, ...]:
    """A base stack that changes under the tasks of all teams is deployed beside no deployment of any of them."""
    if not case.subject.is_base or not ground_of_all(difference):
        return ()
    environment = case.subject.environment
    teams = {*environment.teams, *(team_of(task.name) for task in consequences)}
    return tuple(sorted({stack_name(case), *(team_stack_name(environment.name, team) for team in teams)}))


def _pause_seconds(case: Case, steps: tuple[Step, ...]) -> int:
    if case.subject.is_base:
        return base_pause_seconds(sum(len(step.pause) for step in steps))
    return PAUSE_SECONDS * sum(bool(step.pause) for step in steps)


def _planned(
    case: Case,
    stack: StackView | None,
    rendered: RenderedTemplate,
    difference: StackDifference,
    consequences: tuple[TaskConsequence, ...],
) -> Plan:
    template = None if stack is None else stack.template
    tasks = {} if isinstance(case.observation.tasks, Unknown) else case.observation.tasks
    if case.subject.is_base:
        steps = make_base_steps(rendered, difference, consequences, tasks)
    else:
        steps = make_steps(case.subject, template, rendered, difference, consequences)
    steps = with_given_up(case, steps, consequences)
    effects = side_effects(case, consequences, steps) if steps else ()
    deployed = template_sha256(template)
    environment = case.subject.environment
    return Plan(
        environment=environment.name,
        stack=stack_name(case),
        team=case.subject.team_slug,
        flavour=(Flavour.NONE, Flavour.SINGLE_STEP, Flavour.TWO_STEP)[len(steps)],
        steps=steps,
        side_effects=effects,
        not_affected=not_affected(case.subject, consequences),
        locks=_locks(case, difference, consequences) if steps else (),
        deployed_sha256=deployed,
        first_deployment=template is None,
        lake_bucket=environment.file.lake_bucket,
        pause_estimate_seconds=_pause_seconds(case, steps),
        templates_bucket=environment.file.templates_bucket,
        fingerprint=fingerprint(case.subject, deployed, consequences, steps, effects),
    )
