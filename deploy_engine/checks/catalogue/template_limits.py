"""``template.limits``: within CloudFormation's and DMS's limits, measured on the very bytes that would be sent."""

from __future__ import annotations

from collections.abc import Iterator

from deploy_engine.checks.case import Case
from deploy_engine.checks.check import Check, CouldNotRun, Example, Part
from deploy_engine.checks.limits import LimitMeter, meters_of
from deploy_engine.checks.places import Place, scope_place, task_named, task_place
from deploy_engine.checks.sample import sample_case, sample_subject, sample_task
from deploy_engine.findings import Finding, Status

ID = "template.limits"


def _place(case: Case, meter: LimitMeter) -> Place:
    found = task_named(case.subject, meter.task) if meter.task else None
    return task_place(case.subject, found[0], "/tables") if found else scope_place(case.subject)


def _run(case: Case) -> Iterator[Finding]:
    if case.rendered is None:
        raise CouldNotRun("there is no template to measure")
    for meter in meters_of(case.rendered):
        if meter.nearly_full:
            place = _place(case, meter)
            status = Status.FAILED if meter.over else Status.WARNING
            state = "over the limit" if meter.over else "nearly full"
            message = f"{meter.label}: {meter.value:,} of {meter.limit:,} {meter.unit}, {state}"
            found, allowed = f"{meter.value:,} {meter.unit}", f"at most {meter.limit:,} {meter.unit}"
            yield Finding(ID, status, message, place.file, place.pointer, meter.remedy, found, allowed)


def _tables(count: int) -> Case:
    tables = [(f"fooddb/foodsearch/table_{number}", "v202605011200") for number in range(count)]
    return sample_case(sample_subject({"foodsearch": sample_task(tables)}))


CHECK = Check(
    id=ID,
    title="The template is within the limits of CloudFormation and DMS",
    severity=Status.FAILED,
    remedy="split the task, or the team: the finding says which limit is reached, and by how much",
    run=_run,
    needs=frozenset({Part.TEMPLATE}),
    good=Example("a team with ten tables", lambda: _run(_tables(10))),
    bad=Example("a team with two thousand tables in one stack", lambda: _run(_tables(2_000))),
)
