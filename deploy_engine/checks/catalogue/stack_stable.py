"""``stack.stable``: the stack can be updated now. Statuses: dms-facts.md section 5."""

from __future__ import annotations

from collections.abc import Iterator

from deploy_engine.checks.case import Case
from deploy_engine.checks.check import Check, CouldNotRun, Example, Part
from deploy_engine.checks.places import scope_place
from deploy_engine.checks.sample import sample_case, sample_subject
from deploy_engine.findings import Finding, Status
from deploy_engine.live import StackView, Unknown

ID = "stack.stable"


def _remedy(stack: StackView) -> str:
    if stack.in_progress:
        return "wait until AWS is done with the stack, then check again"
    if stack.status == "UPDATE_ROLLBACK_FAILED":
        return "ask a platform engineer to stop what blocks the rollback and to continue it in CloudFormation"
    return "ask a platform engineer to mend the stack in CloudFormation"


def _run(case: Case) -> Iterator[Finding]:
    stack = case.observation.stack
    if isinstance(stack, Unknown):
        raise CouldNotRun(stack.reason)
    if stack is None or stack.updatable or (stack.never_succeeded and not stack.is_remains):
        return
    why = f" ({stack.status_reason})" if stack.status_reason else ""
    file = scope_place(case.subject).file
    if stack.is_remains:
        message = f"the stack {stack.name} never came up: {stack.status}{why}"
        remedy = "nothing has to be done: it holds nothing that runs, and the next deployment deletes it first"
        yield Finding(ID, Status.WARNING, message, file, "", remedy, stack.status, "a stack that is at rest")
        return
    message = f"the stack {stack.name} cannot be updated now: {stack.status}{why}"
    yield Finding(ID, Status.FAILED, message, file, "", _remedy(stack), stack.status, "a stack that is at rest")


CHECK = Check(
    id=ID,
    title="The stack can be updated now",
    severity=Status.FAILED,
    remedy="wait for what is in progress; a failed rollback is a platform engineer's to continue",
    run=_run,
    needs=frozenset({Part.STACK}),
    reads=("cloudformation:DescribeStacks",),
    good=Example("a stack in UPDATE_COMPLETE, or none at all", lambda: _run(sample_case(deployed=sample_subject()))),
    bad=Example(
        "a stack in UPDATE_ROLLBACK_FAILED",
        lambda: _run(sample_case(stack=StackView("sluice-local-food", "UPDATE_ROLLBACK_FAILED"))),
    ),
)
