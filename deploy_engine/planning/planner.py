"""The planner: from a case to a plan, or to a refusal in words. Pure, total, deterministic (design.md section 6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from deploy_engine.checks.case import Case
from deploy_engine.config.physical_names import base_stack_name, team_stack_name
from deploy_engine.diffing import StackDifference, TaskConsequence, template_sha256
from deploy_engine.findings import Finding, Status
from deploy_engine.live import RunState, StackView, Unknown
from deploy_engine.planning.effects import PAUSE_SECONDS, not_affected, side_effects
from deploy_engine.planning.fingerprint import fingerprint
from deploy_engine.planning.plan import Flavour, Load, Plan, Resources, Step
from deploy_engine.planning.refusals import CHECK, refusals


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


def _step(case: Case, difference: StackDifference, consequences: Sequence[TaskConsequence], template: str) -> Step:
    removed = {table.identity for task in consequences for table in task.difference.removed}
    added = {table.identity for task in consequences for table in task.difference.added}
    touched = [task for task in consequences if not task.unaffected]
    return Step(
        pause=tuple(task.name for task in consequences if task.pauses),
        resume=tuple(task.name for task in consequences if task.resumes),
        start=tuple(task.name for task in consequences if task.starts),
        stay_stopped=tuple(task.name for task in touched if task.wanted is RunState.STOPPED),
        tables_add=tuple(sorted(added)),
        tables_remove=tuple(sorted(removed)),
        resources=Resources(difference.added, difference.modified, difference.removed, difference.replaced),
        loads=tuple(
            Load(task.name, table.identity, table.version, table.prefix)
            for task in consequences
            for table in task.loads
        ),
        template=template,
        expected_tables=tuple(
            (task.name, tuple(sorted(".".join(table.key) for table in task.difference.after)))
            for task in touched
            if task.wanted is RunState.RUNNING
        ),
    )


def _changes_anything(difference: StackDifference, consequences: Sequence[TaskConsequence]) -> bool:
    moves = any(task.pauses or task.resumes or task.starts for task in consequences)
    return moves or not difference.empty


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
    deployed = None if stack is None else stack.template
    refused = refusals(case.subject, case.difference, deployed=deployed is not None)
    if refused:
        return PlanRefused(refused)
    return _planned(case, stack, case.difference, consequences, case.rendered.text)


def _planned(
    case: Case,
    stack: StackView | None,
    difference: StackDifference,
    consequences: tuple[TaskConsequence, ...],
    template: str,
) -> Plan:
    changing = _changes_anything(difference, consequences)
    steps = (_step(case, difference, consequences, template),) if changing else ()
    effects = side_effects(consequences) if changing else ()
    deployed = template_sha256(None if stack is None else stack.template)
    environment = case.subject.environment
    return Plan(
        environment=environment.name,
        stack=stack_name(case),
        team=case.subject.team_slug,
        flavour=Flavour.SINGLE_STEP if steps else Flavour.NONE,
        steps=steps,
        side_effects=effects,
        not_affected=not_affected(case.subject, consequences),
        deployed_sha256=deployed,
        first_deployment=stack is None or stack.template is None,
        lake_bucket=environment.file.lake_bucket,
        pause_estimate_seconds=PAUSE_SECONDS if any(step.pause for step in steps) else 0,
        templates_bucket=environment.file.templates_bucket,
        fingerprint=fingerprint(case.subject, deployed, consequences, steps, effects),
    )
