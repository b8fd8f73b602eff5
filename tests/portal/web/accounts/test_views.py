"""Sign-in, sign-out and the remembered choices."""

from __future__ import annotations

from http import HTTPStatus

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from replication.models import AuditEvent, Environment

SIGN_IN = reverse("accounts:sign-in")


def test_sign_in__right_password__leads_to_the_page_that_was_asked_for(client: Client, reader: User) -> None:
    response = client.post(SIGN_IN, {"username": "vera", "password": "correct horse", "next": "/?a=1"})
    assert response.headers["Location"] == "/?a=1"


def test_sign_in__wrong_password__says_so_beside_the_form_and_keeps_the_name(client: Client, reader: User) -> None:
    page = client.post(SIGN_IN, {"username": "vera", "password": "wrong"}).content.decode()
    assert "do not belong together" in page
    assert 'value="vera"' in page


def test_sign_in__five_wrong_passwords__locks_the_name_out_in_words(client: Client, reader: User) -> None:
    responses = [client.post(SIGN_IN, {"username": "vera", "password": "wrong"}) for _ in range(5)]
    assert responses[-1].status_code == HTTPStatus.TOO_MANY_REQUESTS
    assert "closed for 15 min" in responses[-1].content.decode()


def test_sign_out__by_a_link__is_refused(signed_in: Client) -> None:
    assert signed_in.get(reverse("accounts:sign-out")).status_code == HTTPStatus.METHOD_NOT_ALLOWED


def test_sign_out__by_post__leads_to_sign_in(signed_in: Client) -> None:
    assert signed_in.post(reverse("accounts:sign-out")).headers["Location"] == SIGN_IN
    assert signed_in.get(reverse("home")).status_code == HTTPStatus.FOUND


def test_theme__dark_chosen__is_set_on_the_next_page_by_the_server(signed_in: Client) -> None:
    signed_in.post(reverse("accounts:theme"), {"theme": "dark", "next": "/"})
    assert 'data-bs-theme="dark"' in signed_in.get("/").content.decode()


def test_theme__unknown_word__changes_nothing(signed_in: Client) -> None:
    signed_in.post(reverse("accounts:theme"), {"theme": '"><script>', "next": "/"})
    assert "data-bs-theme" not in signed_in.get("/").content.decode()


@pytest.mark.parametrize("target", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)", ""])
def test_theme__next_leads_away__goes_home_instead(signed_in: Client, target: str) -> None:
    response = signed_in.post(reverse("accounts:theme"), {"theme": "dark", "next": target})
    assert response.headers["Location"] == "/"


def test_environment__chosen__is_remembered(signed_in: Client, environments: list[Environment]) -> None:
    signed_in.post(reverse("accounts:environment"), {"environment": "production", "next": "/"})
    assert signed_in.get("/").context["chrome"].environment == environments[1]


def test_environment__unknown__stays_with_the_first(signed_in: Client, environments: list[Environment]) -> None:
    signed_in.post(reverse("accounts:environment"), {"environment": "mars", "next": "/"})
    assert signed_in.get("/").context["chrome"].environment == environments[0]


def test_sign_in_and_out__both__are_in_the_record(client: Client, reader: User) -> None:
    client.post(SIGN_IN, {"username": "vera", "password": "wrong"})
    client.post(SIGN_IN, {"username": "vera", "password": "correct horse"})
    client.post(reverse("accounts:sign-out"))
    kinds = AuditEvent.objects.order_by("sequence").values_list("kind", flat=True)
    assert list(kinds) == ["session.refused", "session.signed_in", "session.signed_out"]


def test_sign_in__session_that_somebody_planted__is_another_one_afterwards(client: Client, reader: User) -> None:
    client.get(SIGN_IN)
    planted = client.session
    planted["planted"] = True
    planted.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = planted.session_key or ""

    client.post(SIGN_IN, {"username": "vera", "password": "correct horse"})

    assert client.cookies[settings.SESSION_COOKIE_NAME].value != planted.session_key
    assert (
        Client(headers={"cookie": f"{settings.SESSION_COOKIE_NAME}={planted.session_key}"}).get("/").status_code == 302
    )
