"""The worker dies while a deployment has stopped a task: whoever comes next ends what was begun."""

from __future__ import annotations

import pytest

from portal.demo.running import RunningSluice
from replication.choices import ChangeRequestState, DeploymentState
from replication.models import ChangeRequest, Deployment
from tests.journeys.acts import approve, merge, propose, submit
from tests.journeys.aws import at_speed, tables_of, task_of
from tests.journeys.conftest import WaitFor
from tests.journeys.visitor import Visitor

TASK = "orders-payments"
TABLES = ("public/payouts", "public/chargebacks")
SLOW_ENOUGH_TO_WATCH = 1.0
LEASE_RUNS_OUT_SECONDS = 120


def _finished(key: int) -> bool:
    return Deployment.objects.get(pk=key).is_finished


def _is_deployed(number: int) -> bool:
    return ChangeRequest.objects.get(number=number).state == ChangeRequestState.DEPLOYED


@pytest.mark.usefixtures("domain")
def test_worker__killed_while_a_task_is_stopped__another_one_ends_the_deployment(
    sluice: RunningSluice, wait_for: WaitFor
) -> None:
    lena, tomas = Visitor(sluice.place.url, "lena"), Visitor(sluice.place.url, "tomas")
    number = propose(lena, "orders", "payments", *TABLES)
    submit(lena, number, wait_for)
    approve(tomas, number)
    with at_speed(sluice, SLOW_ENOUGH_TO_WATCH):
        key = merge(tomas, number)
        wait_for(f"{TASK} was stopped", lambda: task_of(sluice, TASK)["Status"] == "stopped")
        sluice.worker.kill()
        try:
            assert not _finished(key)
            assert task_of(sluice, TASK)["Status"] != "running"
        finally:
            sluice.worker.start()

    wait_for("the deployment came to its end", lambda: _finished(key), seconds=LEASE_RUNS_OUT_SECONDS)

    deployment = Deployment.objects.get(pk=key)
    assert deployment.state == DeploymentState.DONE, deployment.sentence
    wait_for("the change request was told of it", lambda: _is_deployed(number))
    assert task_of(sluice, TASK)["Status"] == "running"
    assert set(TABLES) <= tables_of(sluice, TASK)
