"""``replacement.none``: CloudFormation replaces no task, endpoint, instance or shared network piece.

A replaced task has no checkpoint and loads every table again (dms-facts.md section 5). Where the change says so by a
new version for every table, the plan takes the task out of the stack first and creates it anew: nothing is replaced.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from deploy_engine.checks.case import Case
from deploy_engine.checks.check import Check, CouldNotRun, Example, Part
from deploy_engine.checks.places import Place, scope_place, task_named, task_place
from deploy_engine.checks.sample import BARCODES, sample_case, sample_subject, sample_task
from deploy_engine.diffing.create_only import CREATE_ONLY
from deploy_engine.diffing.stacks import EVENT_SUBSCRIPTION, TASK
from deploy_engine.findings import Finding, Status
from deploy_engine.live import StackView, Unknown

ID = "replacement.none"
HARMLESS = frozenset({EVENT_SUBSCRIPTION, "AWS::SNS::Subscription"})
"""They keep nothing: the one is replaced whenever the list of tasks changes, the other with the alert channel."""

_FIXED = {
    "SourceEndpointArn": ("source", "source"),
    "TargetEndpointArn": ("delivery", "delivery class"),
    "ReplicationInstanceArn": ("instance", "instance"),
}
"""The properties of a task that cannot change in place: the key of the task file, and what people call it."""

_NEW_VERSIONS = "take that back; or give every table of the task a new version: it is then created anew"
_TAKE_BACK = "take that change back; what cannot change in place needs a new one beside the old"


def _properties(template: Mapping[str, Any], logical_id: str) -> Mapping[str, Any]:
    properties: Mapping[str, Any] = template["Resources"][logical_id].get("Properties", {})
    return properties


def _of_task(case: Case, name: str, changed: list[str]) -> Iterator[Finding]:
    found = task_named(case.subject, name)
    for property_name in changed:
        key, word = _FIXED.get(property_name, ("", property_name))
        place = task_place(case.subject, found[0], f"/{key}") if found and key else scope_place(case.subject)
        message = f"the {word} of {name} cannot change: the task would be replaced, and all of its tables load again"
        yield Finding(ID, Status.FAILED, message, place.file, place.pointer, _NEW_VERSIONS, word, "as it is deployed")


def _recreated(case: Case) -> frozenset[str]:
    """The tasks that leave the stack and come back, by logical id."""
    if isinstance(case.consequences, Unknown):
        raise CouldNotRun("the state of the tasks is not known")
    return frozenset(task.difference.logical_id for task in case.consequences if task.recreated)


def _run(case: Case) -> Iterator[Finding]:
    difference, stack, rendered = case.difference, case.observation.stack, case.rendered
    if difference is None or rendered is None:
        raise CouldNotRun("the deployed template is not known")
    if not isinstance(stack, StackView) or stack.template is None:
        return
    recreated = _recreated(case)
    for logical_id in difference.replaced:
        kind = difference.types[logical_id]
        if kind in HARMLESS or logical_id in recreated:
            continue
        before, after = _properties(stack.template, logical_id), _properties(rendered.template, logical_id)
        changed = sorted(name for name in CREATE_ONLY.get(kind, ()) if before.get(name) != after.get(name))
        if kind == TASK:
            name = after["ReplicationTaskIdentifier"]
            yield from _of_task(case, name, changed)
        else:
            place: Place = scope_place(case.subject)
            what = " and ".join(changed) or "type"
            message = f"CloudFormation would replace {logical_id} ({kind}), since its {what} changes"
            yield Finding(ID, Status.FAILED, message, place.file, place.pointer, _TAKE_BACK, what, "as it is deployed")


def _delivered(version: str) -> Case:
    wanted = sample_subject({"foodsearch": sample_task(((BARCODES[0], version),), delivery="1min")})
    return sample_case(wanted, sample_subject())


CHECK = Check(
    id=ID,
    title="Nothing that replicates is replaced",
    severity=Status.FAILED,
    remedy=_NEW_VERSIONS,
    run=_run,
    needs=frozenset({Part.DIFFERENCE, Part.TASKS}),
    reads=("cloudformation:GetTemplate", "dms:DescribeReplicationTasks"),
    good=Example(
        "a deployed task that moves from 10min to 1min, with a new version for its table",
        lambda: _run(_delivered("v202605011200")),
    ),
    bad=Example(
        "a deployed task that moves from 10min to 1min, and keeps its table's version",
        lambda: _run(_delivered(BARCODES[1])),
    ),
)
