"""What the engine does not deploy: refused in words before anything else happens.

Nothing may be deployed that the engine does not understand. Each refusal is a finding with its place and remedy.
"""

from __future__ import annotations

from collections.abc import Iterator

from deploy_engine.config import Subject
from deploy_engine.config.repository import environment_path, task_path, team_path
from deploy_engine.diffing.stacks import EVENT_SUBSCRIPTION, TASK, StackDifference
from deploy_engine.findings import Finding, Status

CHECK = "plan.understood"
"""The id under which refusals of the planner appear beside the findings of the checks."""

HARMLESS_TO_MODIFY = frozenset({TASK, EVENT_SUBSCRIPTION, "AWS::CloudWatch::Alarm", "AWS::SNS::TopicPolicy"})
"""Resource types whose modification touches no running replication but that of the task itself."""

HARMLESS_TO_REPLACE = frozenset({EVENT_SUBSCRIPTION})
"""It has no state: CloudFormation replaces it whenever the list of its tasks changes."""


def _refusal(message: str, file: str, remedy: str, found: str = "", pointer: str = "") -> Finding:
    return Finding(CHECK, Status.FAILED, message, file, pointer, remedy, found)


def _tasks_by_dms_name(subject: Subject) -> dict[str, str]:
    return {f"{subject.team.slug}-{name}": name for name in subject.team.document.tasks}


def _kept_tables_that_change_version(subject: Subject, difference: StackDifference) -> Iterator[Finding]:
    names = _tasks_by_dms_name(subject)
    for dms_name, task in difference.tasks.items():
        for before, after in task.renamed:
            name = names[dms_name]
            entries = [entry.source for entry in subject.team.document.tasks[name].tables]
            yield _refusal(
                f"{after.identity} stays in {dms_name} and changes version, {before.version} to {after.version}: "
                "that reload needs two steps, which cannot be deployed yet",
                task_path(subject.environment_name, subject.team.slug, name),
                f"keep {before.version}, or remove the table, deploy, and add it again as {after.version}",
                after.version,
                f"/tables/{entries.index(after.identity)}/version",
            )


def _replacements(subject: Subject, difference: StackDifference) -> Iterator[Finding]:
    for logical_id in difference.replaced:
        kind = difference.types[logical_id]
        if kind not in HARMLESS_TO_REPLACE:
            yield _refusal(
                f"{logical_id} ({kind}) would be replaced: every table that flows through it would load from nothing",
                _scope_file(subject),
                "take back the change of its source, instance, delivery class or engine; "
                "a new task with new versions does the same safely",
                logical_id,
            )


def _modifications(subject: Subject, difference: StackDifference) -> Iterator[Finding]:
    for logical_id in difference.modified:
        kind = difference.types[logical_id]
        if kind not in HARMLESS_TO_MODIFY and logical_id not in difference.replaced:
            yield _refusal(
                f"{logical_id} ({kind}) would be modified while tasks depend on it, which cannot be deployed yet",
                _scope_file(subject),
                "take back that change; tables and tasks can be changed on their own",
                logical_id,
            )


def _scope_file(subject: Subject) -> str:
    if subject.is_base:
        return environment_path(subject.environment_name)
    return team_path(subject.environment_name, subject.team.slug)


def refusals(subject: Subject, difference: StackDifference, *, deployed: bool) -> tuple[Finding, ...]:
    """Everything in the difference that is not understood; empty where all of it can be planned."""
    if subject.is_base:
        if not deployed or difference.empty:
            return ()
        message = "the base stack is in use: changing it needs every team's tasks stopped, which cannot be deployed yet"
        return (_refusal(message, _scope_file(subject), "take the change back"),)
    return (
        *_kept_tables_that_change_version(subject, difference),
        *_replacements(subject, difference),
        *_modifications(subject, difference),
    )
