"""``base.deployed``: the base stack is there, stable, and exports what the team stack imports."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from deploy_engine.checks.case import Case
from deploy_engine.checks.check import Check, CouldNotRun, Example, Part
from deploy_engine.checks.places import scope_place
from deploy_engine.checks.sample import sample_case
from deploy_engine.config.physical_names import base_stack_name
from deploy_engine.findings import Finding, Status
from deploy_engine.live import StackView, Unknown

ID = "base.deployed"
_DEPLOY_IT = "ask a platform engineer to deploy the base stack of this environment"


def imports(value: Any) -> Iterator[str]:
    """Every name that a template, or a part of one, takes by ``Fn::ImportValue``."""
    if isinstance(value, dict):
        for key, item in value.items():
            if key == "Fn::ImportValue":
                yield item
            else:
                yield from imports(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from imports(item)


def _finding(case: Case, message: str, remedy: str, found: str, allowed: str) -> Finding:
    return Finding(ID, Status.FAILED, message, scope_place(case.subject).file, "", remedy, found, allowed)


def _run(case: Case) -> Iterator[Finding]:
    base, rendered = case.observation.base, case.rendered
    if case.subject.is_base:
        return
    if isinstance(base, Unknown) or rendered is None:
        raise CouldNotRun("the base stack was not seen")
    name = base_stack_name(case.subject.environment_name)
    if base is None or base.never_succeeded:
        found = "no stack" if base is None else base.status
        yield _finding(case, f"the base stack {name} is not deployed", _DEPLOY_IT, found, "a deployed base stack")
        return
    if not base.updatable:
        remedy = "wait until it is done, then check again" if base.in_progress else "ask a platform engineer to mend it"
        message = f"the base stack {name} is not stable: {base.status}"
        yield _finding(case, message, remedy, base.status, "a stack that is at rest")
    for missing in sorted(set(imports(rendered.template)) - set(base.exports)):
        message = f"the base stack {name} does not export {missing}, which this stack imports"
        yield _finding(case, message, _DEPLOY_IT, "no such export", missing)


def _without_exports(case: Case) -> Case:
    base = case.observation.base
    if not isinstance(base, StackView):
        raise TypeError("the sample has a base stack")
    return replace(case, observation=replace(case.observation, base=replace(base, exports={})))


CHECK = Check(
    id=ID,
    title="The base stack is deployed and exports what is imported",
    severity=Status.FAILED,
    remedy=_DEPLOY_IT,
    run=_run,
    needs=frozenset({Part.TEMPLATE, Part.BASE}),
    reads=("cloudformation:DescribeStacks",),
    good=Example("a deployed base stack with its four exports", lambda: _run(sample_case())),
    bad=Example("a base stack that exports nothing", lambda: _run(_without_exports(sample_case()))),
)
