"""The pages of deployments."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from replication.choices import AuditKind, DeploymentState
from replication.models import AuditEvent, Deployment, JournalEntry, TableEntry, TableStatus, Task, TaskStatus
from tests.portal.office import Office

LIST = reverse("deployments:list")
Browser = Callable[[User], Client]


def _end(deployment: Deployment, state: DeploymentState, sentence: str, phase: str) -> None:
    deployment.state, deployment.sentence, deployment.phase = state, sentence, phase
    deployment.finished_at = timezone.now() if deployment.is_finished else None
    deployment.save()


def _broken(office: Office) -> Deployment:
    deployment = office.merged()
    for number, (phase, kind) in enumerate([("planning", "info"), ("execute", "error"), ("resume", "info")], 1):
        JournalEntry.objects.create(
            deployment=deployment,
            sequence=number,
            at=timezone.now(),
            phase=phase,
            kind=kind,
            sentence=f"What {phase} did",
            detail="UPDATE_ROLLBACK_COMPLETE" if kind == "error" else "",
        )
    _end(deployment, DeploymentState.FAILED_SAFE, "CloudFormation rolled the update back", "failed-safe")
    return deployment


def test_detail__while_it_waits__shows_the_announced_steps_and_asks_for_itself_again(
    office: Office, browser_of: Browser
) -> None:
    deployment = office.merged()
    page = browser_of(office.stage.people.viewer).get(f"/deployments/{deployment.pk}/").content.decode()
    assert "Stop food-foodsearch" in page
    assert f'hx-get="/deployments/{deployment.pk}/live/" hx-trigger="every 2s"' in page
    assert "not yet; about 2 min expected" in page


def test_live__a_load_still_under_way_after_the_end__asks_calmly_until_it_is_loaded(
    office: Office, browser_of: Browser
) -> None:
    deployment = office.merged("foodsearch.products")
    _end(deployment, DeploymentState.DONE, "Done.", "done")
    entry = TableEntry.objects.get(table_name="products")
    status = TableStatus.objects.create(entry=entry, state="Full load", observed_at=timezone.now())
    client = browser_of(office.stage.people.viewer)
    assert "every 5s" in client.get(f"/deployments/{deployment.pk}/live/").content.decode()
    status.state = "Table completed"
    status.save()
    page = client.get(f"/deployments/{deployment.pk}/live/").content.decode()
    assert "hx-trigger" not in page
    assert 'aria-valuenow="100"' in page


def test_detail__after_a_failure__says_what_happened_how_things_are_and_what_can_be_done_in_this_order(
    office: Office, browser_of: Browser
) -> None:
    deployment = _broken(office)
    page = browser_of(office.stage.people.member).get(f"/deployments/{deployment.pk}/").content.decode()
    marks = ["CloudFormation rolled the update back.", "Nothing was lost", "UPDATE_ROLLBACK_COMPLETE", "Try again"]
    places = [page.index(mark) for mark in marks]
    assert places == sorted(places)
    assert "hx-trigger" not in page


def test_detail__after_a_failure__tells_a_viewer_why_they_cannot_try_again(office: Office, browser_of: Browser) -> None:
    deployment = _broken(office)
    page = browser_of(office.stage.people.viewer).get(f"/deployments/{deployment.pk}/").content.decode()
    assert 'aria-describedby="why-no-retry"' in page


def test_retry__after_a_failure__leads_to_a_new_deployment_that_the_old_one_links_to(
    office: Office, browser_of: Browser
) -> None:
    deployment = _broken(office)
    client = browser_of(office.stage.people.member)
    answer = client.post(reverse("deployments:retry", args=[deployment.pk]))
    again = Deployment.objects.exclude(pk=deployment.pk).get()
    assert answer["location"] == reverse("deployments:detail", args=[again.pk])
    assert f"Go to deployment {again.pk}" in client.get(f"/deployments/{deployment.pk}/").content.decode()


def test_cancel__while_it_waits__ends_it(office: Office, browser_of: Browser) -> None:
    deployment = office.merged()
    browser_of(office.stage.people.member).post(reverse("deployments:cancel", args=[deployment.pk]))
    deployment.refresh_from_db()
    assert deployment.state == DeploymentState.CANCELLED


def test_continue_rollback__it_failed_and_was_mended__is_offered_to_the_platform_and_asked_for(
    office: Office, browser_of: Browser
) -> None:
    deployment = office.merged()
    deployment.state, deployment.phase = DeploymentState.STUCK, "stuck"
    deployment.sentence = "A person is needed: it could not be brought back (UPDATE_ROLLBACK_FAILED)"
    deployment.save()
    member, platform = browser_of(office.stage.people.member), browser_of(office.stage.people.platform)
    address = reverse("deployments:continue-rollback", args=[deployment.pk])

    assert address not in member.get(f"/deployments/{deployment.pk}/").content.decode()
    assert address in platform.get(f"/deployments/{deployment.pk}/").content.decode()
    platform.post(address, {"reason": "the lake's role is back"})

    deployment.refresh_from_db()
    assert deployment.rollback_requested_at is not None
    assert AuditEvent.objects.get(kind=AuditKind.ROLLBACK_CONTINUED).sentence.endswith("the lake's role is back")


def test_detail__half_a_reload__offers_the_next_step_and_another_version_and_says_why_not_back(
    office: Office, browser_of: Browser
) -> None:
    deployment = office.merged()
    _end(deployment, DeploymentState.HALF, "Half done: the prefix is taken", "half")
    page = browser_of(office.stage.people.member).get(f"/deployments/{deployment.pk}/").content.decode()
    marks = ["Half done: the prefix is taken.", "the next is not", "Go on now", "Give it a new version"]
    places = [page.index(mark) for mark in marks]
    assert places == sorted(places)
    assert "there is only forward" in page
    assert reverse("deployments:cancel", args=[deployment.pk]) not in page


def test_detail__a_task_loads__is_armed_with_the_expected_time(office: Office, browser_of: Browser) -> None:
    deployment = office.merged()
    task = Task.objects.get(name="foodsearch")
    now = timezone.now()
    TaskStatus.objects.create(task=task, state="running", tables_loading=1, full_load_percent=25, observed_at=now)
    TableStatus.objects.create(
        entry=task.entries.order_by("id")[0],
        state="Full load",
        full_load_started_at=now - timedelta(minutes=10),
        observed_at=now,
    )
    page = browser_of(office.stage.people.viewer).get(f"/deployments/{deployment.pk}/").content.decode()
    assert "Armed: food-foodsearch is loading (25 %), for about 30 min more." in page


def test_detail__a_task_stands_still__says_which_and_as_of_when(office: Office, browser_of: Browser) -> None:
    deployment = _broken(office)
    task = Task.objects.get(name="foodsearch")
    TaskStatus.objects.create(task=task, state="stopped", observed_at=timezone.now())
    page = browser_of(office.stage.people.viewer).get(f"/deployments/{deployment.pk}/").content.decode()
    marks = [
        "outcome-happened",
        "Nothing was lost",
        "Its tasks now",
        "food-foodsearch",
        "seen ",
        "stopped",
        "Try again",
    ]
    places = [page.index(mark, page.index("outcome-happened")) for mark in marks]
    assert places == sorted(places), "what happened, what is so now for each task, what can be done"


def test_detail__behind_another_one__says_whom_it_waits_for(office: Office, browser_of: Browser) -> None:
    first, second = office.merged("foodsearch.products"), office.merged("foodsearch.tags")
    page = browser_of(office.stage.people.viewer).get(f"/deployments/{second.pk}/").content.decode()
    assert f'<a href="/deployments/{first.pk}/">Go to deployment {first.pk}</a>' in page


def test_detail__it_ships_another_change_too__names_both(office: Office, browser_of: Browser) -> None:
    first, second = office.merged("foodsearch.products"), office.merged("foodsearch.tags")
    assert first.change_request is not None
    assert second.change_request is not None
    browser = browser_of(office.stage.people.viewer)
    with_first = f'with <a href="/changes/{first.change_request.number}/">'
    for state, shipped in [
        (DeploymentState.QUEUED, False),
        (DeploymentState.FAILED_SAFE, True),
        (DeploymentState.DONE, False),
    ]:
        first.state = state
        first.save()
        assert (with_first in browser.get(f"/deployments/{second.pk}/").content.decode()) is shipped, state


def test_detail__before_its_loads_begin__does_not_count_those_of_the_version_before(
    office: Office, browser_of: Browser
) -> None:
    deployment = office.merged("foodsearch.products")
    entry = TableEntry.objects.get(schema_name="foodsearch", table_name="products")
    TableStatus.objects.create(entry=entry, state="Table completed", full_load_rows=812, observed_at=timezone.now())
    browser = browser_of(office.stage.people.viewer)
    assert "0 %, not begun" in browser.get(f"/deployments/{deployment.pk}/").content.decode()
    deployment.journal.create(sequence=1, at=timezone.now(), kind="info", phase="verify", step=0, sentence="They run.")
    assert "100 %, 812 rows" in browser.get(f"/deployments/{deployment.pk}/").content.decode()


def test_detail__an_unknown_key__is_not_found(office: Office, browser_of: Browser) -> None:
    assert browser_of(office.stage.people.viewer).get("/deployments/404/").status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize(
    ("query", "found"),
    [("", 1), ("show=now", 1), ("team=orders", 0), ("team=base", 0), ("state=done", 0), ("environment=local", 1)],
)
def test_deployment_list__filters_in_the_address__narrow_the_rows(
    office: Office, browser_of: Browser, query: str, found: int
) -> None:
    office.merged()
    assert len(browser_of(office.stage.people.viewer).get(f"{LIST}?{query}").context["rows"]) == found


def test_deployment_list__nothing_yet__says_what_would_stand_there(office: Office, browser_of: Browser) -> None:
    assert "Nothing was deployed yet" in browser_of(office.stage.people.viewer).get(LIST).content.decode()


def test_detail__the_last_look_is_older_than_the_last_act__says_nothing_of_the_tasks(
    office: Office, browser_of: Browser
) -> None:
    deployment = office.merged()
    _end(deployment, DeploymentState.RUNNING, "Stopping food-foodsearch", "pause")
    now = timezone.now()
    TaskStatus.objects.create(
        task=Task.objects.get(name="foodsearch"), state="running", observed_at=now - timedelta(seconds=3)
    )
    JournalEntry.objects.create(deployment=deployment, sequence=1, at=now, phase="pause", kind="info", sentence="Stops")
    page = browser_of(office.stage.people.viewer).get(f"/deployments/{deployment.pk}/").content.decode()
    assert "Tasks are being stopped." in page
    assert "Its task runs." not in page
