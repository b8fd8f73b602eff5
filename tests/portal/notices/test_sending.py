"""E-mail and webhooks against a real mail server and a real web server."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from pytest_django import Settings

from portal.notices.sending import deliver
from replication.choices import DeliveryState
from replication.configuration import Webhook
from replication.models import Delivery
from replication.services.change_requests import change_request_comment
from replication.services.deliveries import GIVE_UP_AFTER
from replication.services.notices import notice_preferences_save
from tests.portal.notices.receivers import MailBox, Posts, mail_server, web_server
from tests.replication.conftest import Stage
from tests.replication.moments import travel

pytestmark = pytest.mark.loopback
SECRET = "a secret of sixteen or more"
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
LATER = NOON + timedelta(minutes=2)


@pytest.fixture
def box(settings: Settings) -> Iterator[MailBox]:
    """The portal's mail server."""
    with mail_server() as running:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", running.port
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.REPLICATION_SENDS_EMAIL = True
        settings.PUBLIC_URL = "https://sluice.example.com"
        yield running


@pytest.fixture
def posts(settings: Settings) -> Iterator[Posts]:
    """A configured webhook's other side."""
    with web_server() as running:
        settings.REPLICATION_WEBHOOKS = {"chat": Webhook(running.url, SECRET, ("food",))}
        settings.PUBLIC_URL = "https://sluice.example.com"
        yield running


def test_deliver__change_waits_for_a_review__its_reviewer_gets_one_mail_with_links(stage: Stage, box: MailBox) -> None:
    with travel(NOON, tick=False):
        change = stage.in_review("foodsearch.products", title="Products for the search")
        assert deliver() == 0  # what concerns one within a minute comes together
    with travel(LATER, tick=False):
        assert deliver() == 1
        assert deliver() == 0

    (mail,) = box.mails
    assert mail["To"] == stage.people.reviewer.email
    assert "Products for the search" in mail["Subject"]
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    text = mail.get_body(("plain",)).get_content()  # type: ignore[attr-defined]  # of the policy's own message class
    assert f"https://sluice.example.com/changes/{change.number}/" in text


def test_deliver__several_events_for_one_person__come_in_one_mail(stage: Stage, box: MailBox) -> None:
    with travel(NOON, tick=False):
        change = stage.in_review()
        for words in ("Is it urgent?", "And how large?"):
            change_request_comment(actor=stage.people.reviewer, change_request=change, body=words)
    with travel(LATER, tick=False):
        deliver()

    (mail,) = [mail for mail in box.mails if mail["To"] == stage.people.member.email]
    assert mail["Subject"].endswith("(and 1 more)")


def test_deliver__who_unsubscribed_or_muted__hears_nothing(stage: Stage, box: MailBox) -> None:
    notice_preferences_save(user=stage.people.reviewer, email=True, topics=[])
    with travel(NOON, tick=False):
        stage.in_review()
    with travel(LATER, tick=False):
        assert deliver() == 0

    assert box.mails == []


def test_deliver__mail_server_refuses__is_tried_again_and_then_given_up(stage: Stage, box: MailBox) -> None:
    with travel(NOON, tick=False):
        stage.in_review()
    box.refuses = True
    with travel(LATER, tick=False):
        deliver()
    waiting = Delivery.objects.get()
    assert waiting.state == DeliveryState.WAITING
    assert waiting.last_error.startswith("the mail server did not take it")

    with travel(LATER + GIVE_UP_AFTER + timedelta(hours=2), tick=False):
        deliver()
    assert Delivery.objects.get().state == DeliveryState.GIVEN_UP


def test_deliver__mail_server_refused_once__arrives_with_the_next_try(stage: Stage, box: MailBox) -> None:
    with travel(NOON, tick=False):
        stage.in_review()
    box.refuses = True
    with travel(LATER, tick=False):
        deliver()
    box.refuses = False
    with travel(LATER + timedelta(minutes=5), tick=False):
        assert deliver() == 1

    assert len(box.mails) == 1


def test_deliver__webhook__is_posted_signed_and_escaped(stage: Stage, posts: Posts) -> None:
    with travel(NOON, tick=False):
        stage.in_review(title="Tables <!channel> & more")
    with travel(LATER, tick=False):
        assert deliver() == 1

    ((headers, body),) = posts.received
    at, _, digest = headers["Sluice-Signature"].removeprefix("t=").partition(",v1=")
    assert hmac.compare_digest(digest, hmac.new(SECRET.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest())
    assert int(at) == int(LATER.timestamp())
    assert "Tables &lt;!channel&gt; &amp; more" in json.loads(body)["text"]


@pytest.mark.parametrize("status", [302, 404, 500])
def test_deliver__webhook_answers_anything_else__failure_is_told_without_its_address(
    stage: Stage, posts: Posts, status: int
) -> None:
    posts.status = status
    with travel(NOON, tick=False):
        stage.in_review()
    with travel(LATER, tick=False):
        assert deliver() == 0

    assert Delivery.objects.get().last_error == f"it answered HTTP {status}"
    assert "T0SECRET" not in repr(Webhook(posts.url, SECRET))


def test_deliver__webhook_of_another_team__hears_nothing(stage: Stage, posts: Posts, settings: Settings) -> None:
    settings.REPLICATION_WEBHOOKS = {"chat": Webhook(posts.url, SECRET, ("orders",))}
    with travel(NOON, tick=False):
        stage.in_review()
    with travel(LATER, tick=False):
        assert deliver() == 0
