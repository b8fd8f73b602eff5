"""``source.identity``: another database or secret under a task that has run needs new versions for all of its tables.

A task goes on from its checkpoint, which belongs to the database that it was made in; and a folder would hold rows of
two databases. Rotating what is inside a secret changes no identity. Another engine is ``replacement.none``'s to refuse:
an endpoint cannot become another one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from deploy_engine.checks.case import Case
from deploy_engine.checks.check import Check, CouldNotRun, Example, Part
from deploy_engine.checks.places import task_named, task_place
from deploy_engine.checks.sample import BARCODES, sample_case, sample_subject, sample_task, sample_team_file
from deploy_engine.config.physical_names import logical_id
from deploy_engine.diffing import TaskConsequence
from deploy_engine.findings import Finding, Status
from deploy_engine.live import Unknown

ID = "source.identity"
_REMEDY = "take the change of the source back, or give every table of the task a new version: it is then created anew"


def _identity(template: Mapping[str, Any], source: str) -> dict[str, str]:
    """What a source's endpoint reads from, in people's words; empty where the template has no such source."""
    properties = template["Resources"].get(logical_id("Source", source), {}).get("Properties", {})
    connection = properties.get("PostgreSqlSettings") or properties.get("MySqlSettings") or {}
    said = {"database": properties.get("DatabaseName"), "secret": connection.get("SecretsManagerSecretId")}
    return {word: value for word, value in said.items() if value}


def _of_task(case: Case, task: TaskConsequence, deployed: Mapping[str, Any]) -> Iterator[Finding]:
    found = task_named(case.subject, task.name)
    if found is None or case.rendered is None or not (task.ever_ran and task.difference.existed):
        return
    slug, file = found
    before, after = _identity(deployed, file.source), _identity(case.rendered.template, file.source)
    for word in before:
        if before[word] != after.get(word) and task.difference.kept:
            count = len(task.difference.kept)
            kept = f"{count} tables that keep their versions" if count > 1 else "a table that keeps its version"
            message = f"the source {file.source} gets another {word} under {task.name}, which has run with {kept}"
            place = task_place(case.subject, slug, "/tables")
            yield Finding(
                ID, Status.FAILED, message, place.file, place.pointer, _REMEDY, after.get(word, "none"), before[word]
            )


def _run(case: Case) -> Iterator[Finding]:
    consequences, stack = case.consequences, case.observation.stack
    if isinstance(consequences, Unknown) or isinstance(stack, Unknown):
        raise CouldNotRun("what is deployed is not known")
    if stack is None or stack.template is None or case.subject.is_base:
        return
    for task in consequences:
        yield from _of_task(case, task, stack.template)


def _other_secret(version: str) -> Case:
    tasks = {"foodsearch": sample_task(((BARCODES[0], version),))}
    return sample_case(sample_subject(tasks, sample_team_file("sluice/food/restored")), sample_subject())


CHECK = Check(
    id=ID,
    title="A source stays the database that it is",
    severity=Status.FAILED,
    remedy=_REMEDY,
    run=_run,
    needs=frozenset({Part.DIFFERENCE, Part.STACK, Part.TASKS}),
    reads=("cloudformation:GetTemplate", "dms:DescribeReplicationTasks"),
    good=Example(
        "another secret of a source, and new versions of all tables that are read from it",
        lambda: _run(_other_secret("v202605011200")),
    ),
    bad=Example("another secret of a source whose table keeps its version", lambda: _run(_other_secret(BARCODES[1]))),
)
