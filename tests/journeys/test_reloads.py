"""A member reloads a table in both ways, pauses a table and a task and brings both back, by the pages' forms alone."""

from __future__ import annotations

import pytest

from portal.demo.running import RunningSluice
from replication.choices import ChangeRequestState, DeploymentState
from replication.models import ChangeRequest, Deployment
from tests.journeys.acts import CHECKED_SECONDS, act_on_table, approve, last_check_run, merge, submit
from tests.journeys.aws import LAKE, loaded_objects, s3, tables_of, task_of
from tests.journeys.conftest import WaitFor
from tests.journeys.visitor import Visitor

TASKS = "/changes/tasks/local/fulfilment"
DEPLOYED_SECONDS = 180


def _task(author: Visitor, act: str, task: str, where: int) -> None:
    answer = author.post(f"{TASKS}/{task}/{act}/?where={where}", where=str(where))
    assert answer.number == where, answer.text


def _deploy(author: Visitor, platform: Visitor, number: int, wait_for: WaitFor, *, typed: str = "") -> None:
    submit(author, number, wait_for)
    approve(platform, number)
    key = merge(platform, number, typed)
    wait_for(
        f"deployment {key} has ended", lambda: Deployment.objects.get(pk=key).is_finished, seconds=DEPLOYED_SECONDS
    )
    deployment = Deployment.objects.get(pk=key)
    assert deployment.state == DeploymentState.DONE, deployment.sentence


def _drafted() -> ChangeRequest | None:
    return ChangeRequest.objects.filter(author__isnull=True, team__slug="fulfilment").first()


@pytest.mark.usefixtures("domain")
def test_reloads__in_both_ways_with_a_pause_of_a_table_and_a_task__by_a_member(
    sluice: RunningSluice, wait_for: WaitFor
) -> None:
    sam, petra = Visitor(sluice.place.url, "sam"), Visitor(sluice.place.url, "petra")
    first = act_on_table(sam, "reload", "locations", target="+", new_task="warehouse-2")
    act_on_table(sam, "pause", "bins", first)
    _task(sam, "pause", "tracking", first)
    _deploy(sam, petra, first, wait_for, typed="bins")
    assert task_of(sluice, "fulfilment-tracking")["Status"] == "stopped"
    assert "warehouse/bins" not in tables_of(sluice, "fulfilment-warehouse")
    assert tables_of(sluice, "fulfilment-warehouse-2") == {"warehouse/locations"}
    assert "warehouse/locations" in tables_of(sluice, "fulfilment-warehouse"), "the older version goes on"

    wait_for("Sluice drafted the end of the older version", lambda: _drafted() is not None, seconds=DEPLOYED_SECONDS)
    drafted = _drafted()
    assert drafted is not None
    page = sam.get("/tables/local/warehouse/warehouse/locations/").text
    assert f'href="/changes/{drafted.number}/"' in page
    assert drafted.title.startswith("End locations v")
    submit(sam, drafted.number, wait_for)
    run = last_check_run(drafted.number)
    assert run.plan is not None
    assert {effect["kind"] for effect in run.plan["side_effects"]} == {"retire-version", "pause"}
    approve(petra, drafted.number)
    key = merge(petra, drafted.number)
    wait_for(
        f"deployment {key} has ended", lambda: Deployment.objects.get(pk=key).is_finished, seconds=DEPLOYED_SECONDS
    )
    assert "warehouse/locations" not in tables_of(sluice, "fulfilment-warehouse")

    last = act_on_table(sam, "resume", "bins")
    act_on_table(sam, "reload", "movements", last, target="")
    _task(sam, "resume", "tracking", last)
    _deploy(sam, petra, last, wait_for)
    run = last_check_run(last)
    assert run.plan is not None
    assert run.plan["flavour"] == "two-step"
    assert task_of(sluice, "fulfilment-tracking")["Status"] == "running"
    for table in ("bins", "movements"):
        versions = {key.split("/")[1] for key in loaded_objects(sluice, f"warehouse_warehouse_{table}_v")}
        assert len(versions) == 2, (table, versions)


@pytest.mark.usefixtures("domain")
def test_add__under_a_version_whose_folder_holds_data__goes_back_to_its_author(
    sluice: RunningSluice, wait_for: WaitFor
) -> None:
    sam = Visitor(sluice.place.url, "sam")
    number = act_on_table(sam, "reload", "picking_lists", target="")
    [version] = [
        entry["version"]
        for entry in ChangeRequest.objects.get(number=number).document["tasks"]["warehouse"]["tables"]
        if entry["source"].endswith("/picking_lists")
    ]
    folder = f"data/warehouse_warehouse_picking_lists_{version}/warehouse/picking_lists/LOAD00000001.csv.gz"
    s3(sluice).put_object(Bucket=LAKE, Key=folder, Body=b"of somebody else")
    assert sam.post(f"/changes/{number}/submit/").status == 200
    wait_for(
        f"change request {number} went back to its author",
        lambda: ChangeRequest.objects.get(number=number).returned_reason != "",
        seconds=CHECKED_SECONDS,
    )
    change = ChangeRequest.objects.get(number=number)
    assert change.state == ChangeRequestState.DRAFT
    failed = {result["check"] for result in last_check_run(number).results if result["status"] == "failed"}
    assert failed == {"s3.no-overwrite"}
