"""The pages of moments: as of, compared, since, and back."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from replication.models import ChangeRequest, Revision
from replication.selectors.table_acts import TableAct
from tests.replication.conftest import Stage
from tests.replication.services.test_change_request_revert import BARCODES, _merged

Browser = Callable[[User], Client]
SCOPE = "environment=local&team=food"


def test_as_of__a_team__shows_each_line_with_who_and_why(stage: Stage, browser_of: Browser) -> None:
    _merged(stage, TableAct.RELOAD, BARCODES)
    page = browser_of(stage.people.auditor).get(f"{reverse('history:as-of')}?{SCOPE}&task=foodsearch").content.decode()
    assert "fooddb/foodsearch/barcodes" in page
    assert "Mia Example: reload tables" in page
    assert "approved by Petra Example" in page
    assert "imported from the config repository" in page
    assert "team/title" not in page


def test_as_of__no_team__shows_every_config_in_force(stage: Stage, browser_of: Browser) -> None:
    page = browser_of(stage.people.auditor).get(reverse("history:as-of")).content.decode()
    for name in ("local/base", "local/food", "local/orders"):
        assert name in page


def test_as_of__a_task_that_was_not__leads_to_those_that_were(stage: Stage, browser_of: Browser) -> None:
    page = browser_of(stage.people.auditor).get(f"{reverse('history:as-of')}?{SCOPE}&task=another").content.decode()
    assert "There was no such task" in page


def test_as_of__before_the_beginning__says_so(stage: Stage, browser_of: Browser) -> None:
    page = browser_of(stage.people.auditor).get(f"{reverse('history:as-of')}?{SCOPE}&at=2001-01-01T00:00")
    assert "Nothing was accepted yet" in page.content.decode()


def test_compare__a_team__shows_the_component_of_the_review_with_who(stage: Stage, browser_of: Browser) -> None:
    start = Revision.objects.get(team=stage.food).created_at
    _merged(stage, TableAct.RELOAD, BARCODES)
    address = f"{reverse('history:compare')}?{SCOPE}&since={start:%Y-%m-%dT%H:%M:%S.%f}"
    page = browser_of(stage.people.auditor).get(address).content.decode()
    assert "reloaded" in page
    assert "Mia Example, " in page
    assert "tasks/foodsearch.json" in page


def test_compare__the_company__says_of_every_scope_what_is_different(stage: Stage, browser_of: Browser) -> None:
    start = timezone.now()
    _merged(stage, TableAct.RELOAD, BARCODES)
    address = f"{reverse('history:compare')}?since={start:%Y-%m-%dT%H:%M:%S.%f}"
    page = browser_of(stage.people.auditor).get(address).content.decode()
    assert "local/food" in page
    assert "local/orders" not in page
    assert "↻1" in page
    assert BARCODES.identity in page
    assert "approved by Petra Example" in page


def test_compare__a_task__shows_its_own_file_only(stage: Stage, browser_of: Browser) -> None:
    start = Revision.objects.get(team=stage.food).created_at
    _merged(stage, TableAct.RELOAD, BARCODES)
    address = f"{reverse('history:compare')}?{SCOPE}&task=foodsearch&since={start:%Y-%m-%dT%H:%M:%S.%f}"
    page = browser_of(stage.people.auditor).get(address).content.decode()
    assert "tasks/foodsearch.json" in page
    assert "versions.json" not in page
    assert "approved by Petra Example" in page


def test_since__the_last_shift__groups_what_matters(stage: Stage, browser_of: Browser) -> None:
    _merged(stage, TableAct.RELOAD, BARCODES)
    page = browser_of(stage.people.member).get(reverse("history:since")).content.decode()
    assert "reload tables" in page
    assert "sluice-local-food" in page
    for heading in ("Still odd", "What broke", "What changed", "What ran"):
        assert heading in page


def test_revert__asked_and_done__opens_a_change_request(stage: Stage, browser_of: Browser) -> None:
    _merged(stage, TableAct.REMOVE, BARCODES)
    first = Revision.objects.get(team=stage.food, number=1)
    client = browser_of(stage.people.member)

    page = client.get(reverse("history:revert-ask", args=[first.pk])).content.decode()
    assert "fooddb/foodsearch/barcodes" in page
    assert "Open the change request" in page

    response = client.post(reverse("history:revert", args=[first.pk]))
    change = ChangeRequest.objects.latest("number")
    assert response.headers["Location"] == reverse("changes:detail", args=[change.number])
    assert change.title == "Revert to revision 1"


def test_revert__somebody_else__sees_why_not(stage: Stage, browser_of: Browser) -> None:
    _merged(stage, TableAct.REMOVE, BARCODES)
    first = Revision.objects.get(team=stage.food, number=1)
    client = browser_of(stage.people.stranger)

    page = client.get(reverse("history:revert-ask", args=[first.pk])).content.decode()
    assert "You are not in team food" in page
    assert client.post(reverse("history:revert", args=[first.pk])).status_code == HTTPStatus.FORBIDDEN


def test_proof__chains__say_what_is_not_covered(stage: Stage, browser_of: Browser) -> None:
    page = browser_of(stage.people.auditor).get(reverse("history:proof")).content.decode()
    for words in ("events without an environment", "local", "verify_audit"):
        assert words in page
