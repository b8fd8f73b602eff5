"""Ways on from a deployment that needs a person: at once, and with another version."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from deploy_engine.execution.ports import DeploymentRecord
from deploy_engine.execution.states import State, Why
from deploy_engine.planning import Load, plan_from_record, plan_to_record
from replication.choices import DeploymentState
from replication.deployments import record_apply, record_of
from replication.errors import WrongState
from replication.models import Deployment, StackLease
from replication.services.deployment_ticks import deployment_tick
from replication.services.deployments import deployment_retry
from replication.services.merging import change_request_merge
from replication.services.successors import deployment_new_version, half_give_way
from tests.replication.conftest import Stage
from tests.replication.services.test_merging import approved
from tests.replication.verdicts import FakeJudge

LOAD = Load("food-foodsearch", "fooddb/foodsearch/barcodes", "v202603020900", "data/x/")


@pytest.fixture
def half(stage: Stage) -> Deployment:
    """Its first step is done, and barcodes still has to load."""
    return _in(stage, State.HALF, DeploymentState.HALF)


def _in(stage: Stage, phase: State, state: DeploymentState, memory: dict[str, str] | None = None) -> Deployment:
    deployment = change_request_merge(actor=stage.people.member, change_request=approved(stage))
    plan = plan_from_record(deployment.plan or {})
    step = plan.steps[0]
    plan = replace(plan, steps=(step, replace(step, loads=(LOAD,))))
    deployment.plan = plan_to_record(plan)
    now = timezone.now()
    record_apply(deployment, DeploymentRecord(deployment.run, plan, phase, 1, Why.GO, now, now, memory=memory or {}))
    assert deployment.state == state
    deployment.save()
    return deployment


def test_retry__half_done__does_not_wait_out_its_rest(stage: Stage, half: Deployment) -> None:
    deployment_retry(actor=stage.people.member, deployment=half)
    half.refresh_from_db()
    record = record_of(half)
    assert (timezone.now() - record.entered_at).days == 1
    assert record.next_tick_at <= timezone.now()


def test_retry__stuck__forgets_what_it_found_blocked(stage: Stage) -> None:
    memory = {"blocked:food-foodsearch": "it does not stay running", "refusals:x": "5", "step.reason": "it fell"}
    stuck = _in(stage, State.STUCK, DeploymentState.STUCK, memory)
    deployment_retry(actor=stage.people.member, deployment=stuck)
    stuck.refresh_from_db()
    assert record_of(stuck).memory == {"step.reason": "it fell"}


def test_new_version__half_done__opens_a_draft_with_a_higher_version(stage: Stage, half: Deployment) -> None:
    draft = deployment_new_version(actor=stage.people.member, deployment=half)
    tables = {row["source"]: row["version"] for row in draft.document["tasks"]["foodsearch"]["tables"]}
    assert tables[LOAD.table] > LOAD.version
    assert f"Deployment {half.pk} is half done" in draft.description


def test_new_version__not_half_done__is_refused(stage: Stage) -> None:
    with pytest.raises(WrongState):
        deployment_new_version(actor=stage.people.member, deployment=_in(stage, State.STUCK, DeploymentState.STUCK))


def test_half__its_successor_begins__gives_way_and_frees_the_stack(stage: Stage, half: Deployment) -> None:
    successor = change_request_merge(actor=stage.people.member, change_request=approved(stage, "foodsearch.prices"))
    assert deployment_tick(deployment_id=successor.pk, judge=FakeJudge()) == 0.0
    half.refresh_from_db()
    assert half.state == DeploymentState.REPLACED
    assert f"Deployment {successor.pk} took its place" in half.sentence
    successor.refresh_from_db()
    assert successor.record


def test_half__a_worker_has_it_in_hand__is_waited_for(stage: Stage, half: Deployment) -> None:
    successor = change_request_merge(actor=stage.people.member, change_request=approved(stage, "foodsearch.prices"))
    StackLease.objects.create(
        stack=half.stack, owner="a worker", fence=1, expires_at=timezone.now() + timedelta(seconds=20)
    )
    assert not half_give_way(half=half, successor=successor)
    half.refresh_from_db()
    assert half.state == DeploymentState.HALF


def test_half__the_same_revision_again__does_not_give_way(half: Deployment) -> None:
    assert not half_give_way(half=half, successor=half)
