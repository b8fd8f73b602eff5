"""A secret that is typed into any field of any form is kept nowhere: not in rows, history, audit, git or logs."""

from __future__ import annotations

import re
from html import unescape
from http import HTTPStatus
from random import Random

import pytest
from django.http import HttpResponseBase
from django.test import Client
from django.urls import reverse

from portal.addresses import ADDRESSES
from tests.portal.roles.conftest import Company
from tests.portal.roles.examples import address_of
from tests.portal.roles.forms import PageForm, forms_of
from tests.portal.roles.written import tables_written

_ECHO = re.compile(r'value="[^"]*"|<textarea[^>]*>[^<]*</textarea>', re.IGNORECASE)
_RANDOM = Random(20_261_124)  # noqa: S311 - the same at each run, and opens nothing


def _made(number: int) -> tuple[str, str]:
    """A secret that opens nothing, and the part of it that nobody could guess; one kind after the other."""
    part = "".join(_RANDOM.choices("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", k=16))
    shapes = (f"AK{'IA'}{part}", f"password={part}", f"mysql://app:{part}@db.example/x", f"pwd='{part}'")
    return f"It was {shapes[number % len(shapes)]} then", part


def _all_forms(company: Company) -> list[PageForm]:
    """Every form of every page, each once."""
    browser, found = company.browsers["a platform engineer"], {}
    for name, access in ADDRESSES.items():
        if access.look:
            address, _ = address_of(name, company)
            page = browser.get(address)
            text = "" if page.streaming else page.content.decode()
            for form in forms_of(text, address):
                if form.texts:
                    found[form.action.partition("?")[0], tuple(form.texts)] = form
    return list(found.values())


def test_every_text_field__of_every_form__keeps_no_secret(company: Company, caplog: pytest.LogCaptureFixture) -> None:
    browser = company.browsers["a platform engineer"]
    forms = _all_forms(company)
    leaks, number = [], 0
    for form in forms:
        for field in form.texts:
            number += 1
            secret, part = _made(number)
            caplog.clear()
            written: list[str] = []
            with tables_written(written):
                answer = _send(browser, form, field, secret)
            for place, text in (
                ("database", "".join(written)),
                ("log", caplog.text),
                ("page", _without_echo(answer)),
            ):
                if part in text:
                    leaks.append(f"{form.method} {form.action}, field {field}: {answer.status_code}, in the {place}")
    assert leaks == []
    posted = {form.action for form in forms if form.method == "post"}
    assert len(posted) > len(("comment", "refuse", "rename", "close", "new source", "policy", "person"))
    assert number > len(forms)


def test_sign_in__secret_typed_as_the_name__is_kept_nowhere(company: Company, caplog: pytest.LogCaptureFixture) -> None:
    secret, part = _made(1)
    written: list[str] = []
    with tables_written(written):
        answer = Client().post(reverse("accounts:sign-in"), {"username": secret, "password": part})
    assert answer.status_code == HTTPStatus.OK
    assert part not in "".join(written)
    assert part not in caplog.text
    assert part not in _without_echo(answer)


def test_links_that_are_proofs__followed__stand_in_no_log(company: Company, caplog: pytest.LogCaptureFixture) -> None:
    address, _ = address_of("notices:unsubscribe", company)
    Client().get(address)
    Client().get("/people/password/MQ/c1abcd-0123456789abcdef/")
    assert "unsubscribe/…/" in caplog.text
    assert "0123456789abcdef" not in caplog.text
    assert address not in caplog.text


def _send(browser: Client, form: PageForm, field: str, secret: str) -> HttpResponseBase:
    values = {**form.values, field: secret}
    return browser.post(form.action, values) if form.method == "post" else browser.get(form.action, values)


def _without_echo(answer: HttpResponseBase) -> str:
    """The page but for the fields that show to whoever typed it what they typed."""
    if answer.streaming:
        return ""
    if answer.wsgi_request.method == "GET":  # type: ignore[attr-defined]  # the test client's response
        return ""  # a search shows again what was searched for, all over its own page
    return unescape(_ECHO.sub("", getattr(answer, "content", b"").decode()))
