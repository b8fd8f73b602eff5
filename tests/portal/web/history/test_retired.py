"""Folders that nobody writes to any more."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from replication.choices import VersionState
from replication.models import FolderCount, LedgerEntry
from replication.selectors.retired import retired_counts, retired_folders
from replication.selectors.table_acts import TableAct
from tests.replication.conftest import Stage
from tests.replication.services.test_change_request_revert import BARCODES, _merged

RETIRED = reverse("history:retired")
Browser = Callable[[User], Client]
OLD = "s3://example-lake/data/fooddb_foodsearch_barcodes_v202001010000/"
REMOVED = "s3://example-lake/data/fooddb_foodsearch_barcodes_v202011191200/"


def test_retired__after_a_removal__names_folder_team_and_change(stage: Stage, browser_of: Browser) -> None:
    revision = _merged(stage, TableAct.REMOVE, BARCODES)

    page = browser_of(stage.people.platform).get(f"{RETIRED}?environment=local&team=food").content.decode()

    assert OLD in page
    assert REMOVED in page
    assert f"#{revision.change_request_id}" in page
    assert [(count.team, count.folders) for count in retired_counts()] == [("food", 2)]


def test_retired__page_by_page__shows_each_folder_once(stage: Stage) -> None:
    _merged(stage, TableAct.REMOVE, BARCODES)

    first = retired_folders(size=1)
    second = retired_folders(size=1, before=first.older)

    assert {folder.path for folder in (*first.folders, *second.folders)} == {OLD, REMOVED}
    assert second.older is None


def test_retired__nothing_of_a_team__says_what_would_stand_there(stage: Stage, browser_of: Browser) -> None:
    page = browser_of(stage.people.viewer).get(f"{RETIRED}?environment=local&team=orders&before=x").content.decode()
    assert "Nothing is retired here" in page


def test_retired__counted__shows_sizes_by_folder_and_team_and_goes_out_as_csv(
    stage: Stage, browser_of: Browser
) -> None:
    _merged(stage, TableAct.REMOVE, BARCODES)
    old, removed = LedgerEntry.objects.filter(state=VersionState.RETIRED).order_by("version")
    now = timezone.now()
    FolderCount.objects.create(entry=old, objects_counted=20_000, size=3 * 2**30, cut=True, counted_at=now)
    FolderCount.objects.create(entry=removed, counted_at=now)
    client = browser_of(stage.people.viewer)

    page = client.get(RETIRED).content.decode().replace("\xa0", " ")
    assert page.count("more than 3.0 GB") == 2
    assert "empty" in page

    answer = client.get(f"{RETIRED}?environment=local&team=food&export=csv")
    lines = answer.getvalue().decode().splitlines()
    assert lines[0].endswith(
        "environment,team,table,version,folder,retired_at,retired_by,change_request,objects,bytes,"
        "there_is_more,counted_at"
    )
    assert f",{OLD}," in lines[2]
    assert ",20000,3221225472,true," in lines[2]
