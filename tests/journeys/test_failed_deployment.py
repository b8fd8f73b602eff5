"""A deployment fails: its page says what happened, how things stand and what can be done; trying again gets there."""

from __future__ import annotations

import pytest

from portal.demo.running import RunningSluice
from replication.choices import ChangeRequestState, DeploymentState
from replication.models import ChangeRequest, Deployment
from tests.journeys.acts import approve, merge, next_update_fails, propose, submit
from tests.journeys.aws import task_of
from tests.journeys.conftest import WaitFor
from tests.journeys.visitor import Visitor

TASK = "orders-payments"


@pytest.mark.usefixtures("domain")
def test_deployment__the_update_fails__the_page_tells_and_trying_again_gets_there(
    sluice: RunningSluice, wait_for: WaitFor
) -> None:
    lena, tomas = Visitor(sluice.place.url, "lena"), Visitor(sluice.place.url, "tomas")
    number = propose(lena, "orders", "payments", "public/vouchers")
    submit(lena, number, wait_for)
    approve(tomas, number)
    next_update_fails(sluice, "sluice-local-orders/TaskPayments")

    failed = merge(tomas, number)
    wait_for("it was undone", lambda: Deployment.objects.get(pk=failed).state == DeploymentState.FAILED_SAFE)
    page = tomas.get(f"/deployments/{failed}/").text
    marks = ["The stack update failed", "It was undone", "In AWS’s own words", "Try again"]
    places = [page.index(mark) for mark in marks]
    assert places == sorted(places)
    assert task_of(sluice, TASK)["Status"] == "running"

    again = tomas.post(f"/deployments/{failed}/retry/").number
    wait_for("it got there", lambda: Deployment.objects.get(pk=again).state == DeploymentState.DONE)
    assert ChangeRequest.objects.get(number=number).state == ChangeRequestState.DEPLOYED
    assert f"Go to deployment {again}" in tomas.get(f"/deployments/{failed}/").text
