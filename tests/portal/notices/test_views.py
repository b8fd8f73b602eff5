"""Choosing what one is told of, ending it by a link, and seeing what could not be delivered."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import urlsplit

from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.notices.messages import unsubscribe_url
from replication.choices import DeliveryState
from replication.models import Delivery, NoticePreferences
from tests.replication.conftest import Stage

BrowserOf = Callable[[User], Client]


def test_preferences__saved__stand_there_the_next_time(stage: Stage, browser_of: BrowserOf) -> None:
    browser = browser_of(stage.people.member)
    browser.post(reverse("notices:preferences"), {"email": "on", "topics": ["trouble"]})

    kept = NoticePreferences.objects.get(user=stage.people.member)
    assert kept.email
    assert sorted(kept.muted) == ["changes", "deployments", "reviews"]
    page = browser.get(reverse("notices:preferences")).content.decode()
    assert page.count("checked") == len(["email", "trouble"])


def test_unsubscribe__looked_at__changes_nothing_until_it_is_confirmed(stage: Stage) -> None:
    person, stranger = stage.people.member, Client(enforce_csrf_checks=True)
    address = urlsplit(unsubscribe_url(person)).path

    assert stranger.get(address).status_code == HTTPStatus.OK
    assert not NoticePreferences.objects.exists()

    assert stranger.post(address, {"List-Unsubscribe": "One-Click"}).status_code == HTTPStatus.OK
    assert not NoticePreferences.objects.get(user=person).email


def test_unsubscribe__link_that_nobody_signed__refused_in_words(stage: Stage) -> None:
    response = Client().post(reverse("notices:unsubscribe", args=["bm9uc2Vuc2U"]))

    assert response.status_code == HTTPStatus.NOT_FOUND
    assert not NoticePreferences.objects.exists()


def test_deliveries__one_given_up__shows_why_and_is_tried_again_on_demand(stage: Stage, browser_of: BrowserOf) -> None:
    now = timezone.now()
    failed = Delivery.objects.create(
        webhook="chat",
        state=DeliveryState.GIVEN_UP,
        attempts=9,
        last_error="it answered HTTP 500",
        created_at=now,
        next_attempt_at=now,
    )
    browser = browser_of(stage.people.platform)

    assert "it answered HTTP 500" in browser.get(reverse("notices:deliveries")).content.decode()
    browser.post(reverse("notices:retry", args=[failed.pk]))

    failed.refresh_from_db()
    assert failed.state == DeliveryState.WAITING
