"""Grave acts ask for the password again when the last proof of who is at the browser is old."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus

import pytest
import time_machine
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from replication.choices import AuditKind
from replication.models import AuditEvent, ChangeRequest
from tests.portal.office import Office
from tests.replication.conftest import Stage

Browser = Callable[[User], Client]
LATER = timedelta(seconds=1)
PASSWORD = "a-long-word-of-mine"


@pytest.fixture
def office(stage: Stage) -> Office:
    """The small company with its change requests."""
    return Office(stage)


@pytest.fixture
def reviewer(office: Office) -> User:
    """Somebody whose approval counts, with a password."""
    person = office.stage.people.reviewer
    person.set_password(PASSWORD)
    person.save()
    return person


def _approve(browser: Client, change: ChangeRequest, *, after: timedelta, password: str | None = None) -> int:
    typed = {"fingerprint": change.check_runs.latest("id").fingerprint, "reason": "Reads well <to me>."}
    more = {} if password is None else {"own-password": password}
    with time_machine.travel(timezone.now() + after):
        return browser.post(f"/changes/{change.number}/approve/", typed | more).status_code


def test_proof__young__is_not_asked_for_again(office: Office, reviewer: User, browser_of: Browser) -> None:
    change = office.in_review()
    assert _approve(browser_of(reviewer), change, after=settings.PROOF_LASTS - LATER) == HTTPStatus.FOUND


def test_proof__old__holds_the_act_and_keeps_what_was_typed(
    office: Office, reviewer: User, browser_of: Browser
) -> None:
    change, browser = office.in_review(), browser_of(reviewer)

    with time_machine.travel(timezone.now() + settings.PROOF_LASTS + LATER):
        answer = browser.post(f"/changes/{change.number}/approve/", {"reason": "Reads well <to me>."})

    assert answer.status_code == HTTPStatus.FORBIDDEN
    page = answer.content.decode()
    assert "Your password, again" in page
    assert '<input type="hidden" name="reason" value="Reads well &lt;to me&gt;.">' in page
    assert f'action="/changes/{change.number}/approve/"' in page
    assert not change.reviews.exists()


def test_proof__given_again__lets_the_act_go_on(office: Office, reviewer: User, browser_of: Browser) -> None:
    change = office.in_review()
    old = settings.PROOF_LASTS + LATER
    assert _approve(browser_of(reviewer), change, after=old, password=PASSWORD) == HTTPStatus.FOUND
    assert change.reviews.get().reason == "Reads well <to me>."


def test_proof__wrong_password__does_nothing_says_so_and_is_in_the_record(
    office: Office, reviewer: User, browser_of: Browser
) -> None:
    change = office.in_review()
    assert _approve(browser_of(reviewer), change, after=LATER, password="another") == HTTPStatus.FORBIDDEN
    assert not change.reviews.exists()
    assert AuditEvent.objects.filter(kind=AuditKind.SIGN_IN_REFUSED, object_id=str(reviewer.pk)).count() == 1


def test_proof__wrong_too_often__is_throttled_as_sign_in_is(
    office: Office, reviewer: User, browser_of: Browser
) -> None:
    change, browser = office.in_review(), browser_of(reviewer)
    for _ in range(settings.AXES_FAILURE_LIMIT):
        last = _approve(browser, change, after=LATER, password="another")
    assert last == HTTPStatus.TOO_MANY_REQUESTS
    assert _approve(browser, change, after=LATER, password=PASSWORD) == HTTPStatus.TOO_MANY_REQUESTS
    assert not change.reviews.exists()


def test_proof__old__lets_looks_drafts_and_comments_be(office: Office, reviewer: User, browser_of: Browser) -> None:
    change, browser = office.in_review(), browser_of(reviewer)
    with time_machine.travel(timezone.now() + timedelta(hours=3)):
        assert browser.get(f"/changes/{change.number}/").status_code == HTTPStatus.OK
        assert browser.post(f"/changes/{change.number}/comment/", {"body": "Why?"}).status_code == HTTPStatus.FOUND
