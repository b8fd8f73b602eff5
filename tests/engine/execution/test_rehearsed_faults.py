"""Faults that a rehearsal can meet: written, read, and told to the local AWS."""

from __future__ import annotations

import pytest

from deploy_engine.execution.rehearsed_faults import FaultKind, RehearsedFault, faults_of
from deploy_engine.local_aws.faults import Fault
from tests.engine.execution.scenarios import ADD, FIRST, REMOVE, Scenario


@pytest.mark.parametrize("kind", FaultKind)
def test_fault__written_and_read__is_the_same_and_has_words(kind: FaultKind) -> None:
    fault = RehearsedFault(kind, 1)
    assert RehearsedFault.parse(str(fault)) == fault
    assert fault.sentence.startswith("in step 2, ")
    assert RehearsedFault.parse(kind.value).step == 0


@pytest.mark.parametrize("text", ["", "nonsense", "update-fails@0", "update-fails@x", "update-fails@-1"])
def test_fault__no_fault__is_refused_in_words(text: str) -> None:
    with pytest.raises(ValueError, match="is no fault"):
        RehearsedFault.parse(text)


def test_faults_of__a_plan__are_those_that_can_strike_its_steps() -> None:
    assert {fault.kind for fault in faults_of(ADD.plan())} == set(FaultKind)
    first = {fault.kind for fault in faults_of(FIRST.plan())}
    assert FaultKind.WILL_NOT_STOP not in first, "there is nothing to stop"
    assert FaultKind.UPDATE_FAILS in first


@pytest.mark.parametrize("scenario", [ADD, REMOVE, FIRST], ids=lambda scenario: scenario.name)
def test_rules__of_every_fault__are_such_as_the_local_aws_takes(scenario: Scenario) -> None:
    plan = scenario.plan()
    for fault in faults_of(plan):
        for rule in fault.rules(plan):
            assert Fault.parse(dict(rule)).kind == rule["kind"]
