"""What every answer of the portal tells the browser, and that a look at any page writes nothing."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.test import Client
from django.urls import path, reverse
from pytest_django import Settings

from portal import urls
from portal.addresses import ADDRESSES
from portal.browser_settings import browser_settings, cookie_name
from replication.roles import Right
from tests.portal.roles.conftest import Company
from tests.portal.roles.examples import address_of
from tests.portal.roles.observatory import A_PLUS, score
from tests.replication.replaying import rows_now

THE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)
ONE_YEAR = 365 * 24 * 3600
CSRF_FREE = {"notices:unsubscribe": "mail programs post to it by themselves; the signed token in it is the proof"}


def break_down(request: HttpRequest) -> HttpResponse:
    """A view with a defect."""
    raise RuntimeError


urlpatterns = [*urls.urlpatterns, path("break-down/", break_down, name="break-down")]
handler400, handler403, handler404, handler500 = urls.handler400, urls.handler403, urls.handler404, urls.handler500


@pytest.fixture(autouse=True)
def _production(settings: Settings) -> None:
    """What production tells browsers; with one more address, behind which something breaks."""
    for name, value in browser_settings(serves_https=True, behind_proxy=False).items():
        setattr(settings, name, value)
    for name in ("theme", "environment", "messages"):
        setattr(settings, f"{name.upper()}_COOKIE_NAME", cookie_name(name, serves_https=True))
    settings.ROOT_URLCONF = __name__


def _https(browser: Client, method: str = "GET", **more: Any) -> Callable[[str], HttpResponseBase]:
    browser.raise_request_exception = False

    def ask(address: str) -> HttpResponseBase:
        answer = browser.generic(method, address, secure=True, **more)
        answer.close()  # only its headers are looked at; a static file would stay open
        return answer

    return ask


def test_every_answer__whatever_its_status__carries_all_headers(company: Company) -> None:
    before = rows_now()
    platform, stranger = company.browsers["a platform engineer"], Client()
    looks = [address_of(name, company)[0] for name, access in ADDRESSES.items() if access.look]
    open_looks = [address_of(name, company)[0] for name, access in ADDRESSES.items() if access.look is Right.ENTER]
    answers = {address: _https(platform)(address) for address in looks}
    answers |= {f"{address} by a stranger": _https(stranger)(address) for address in open_looks}
    others = {
        "nothing there": (_https(platform)("/nothing-here/"), HTTPStatus.NOT_FOUND),
        "nothing there, for a stranger": (_https(stranger)("/nothing-here/"), HTTPStatus.NOT_FOUND),
        "broken": (_https(platform)("/break-down/"), HTTPStatus.INTERNAL_SERVER_ERROR),
        "wrong method": (_https(platform)(reverse("accounts:sign-out")), HTTPStatus.METHOD_NOT_ALLOWED),
        "no token": (_https(Client(enforce_csrf_checks=True), "POST")("/account/sign-in/"), HTTPStatus.FORBIDDEN),
        "sent to sign-in": (_https(stranger)("/"), HTTPStatus.FOUND),
        "static": (_https(stranger)("/static/sluice/css/shell.css"), HTTPStatus.OK),
    }
    assert {name: answer.status_code for name, (answer, _) in others.items()} == {
        name: status for name, (_, status) in others.items()
    }
    answers |= {name: answer for name, (answer, _) in others.items()}
    wrong = {name: found for name, answer in answers.items() if (found := _wrong_headers(answer))}
    assert wrong == {}
    others["static"][0].close()
    assert rows_now() == before, "a look at a page wrote something; sign-in alone may, and it came before"


def _wrong_headers(answer: HttpResponseBase) -> list[str]:
    wanted = {
        "Content-Security-Policy": THE_POLICY,
        "X-Frame-Options": "DENY",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Strict-Transport-Security": f"max-age={ONE_YEAR}; includeSubDomains; preload",
    }
    found = {name: answer.headers.get(name, "") for name in wanted}
    wrong = [f"{name}: {found[name]}" for name, value in wanted.items() if sorted(_parts(found[name])) != _parts(value)]
    wrong += [f"cookie {cookie.output()}" for cookie in answer.cookies.values() if not _is_guarded(cookie)]
    points = score(answer.headers, answer.cookies.values(), session_cookies=["__Host-session", "__Host-csrf"])
    return wrong if points >= A_PLUS else [*wrong, f"{points} points"]


def _parts(header: str) -> list[str]:
    return sorted(header.split("; "))


def _is_guarded(cookie: Any) -> bool:
    """`__Host-` is only taken with Secure, for every path, and without a domain."""
    return bool(
        cookie.key.startswith("__Host-")
        and cookie["secure"]
        and cookie["httponly"]
        and cookie["samesite"] in {"Lax", "Strict"}
        and cookie["path"] == "/"
        and not cookie["domain"]
    )


def test_cookies__all_that_sluice_sets__are_guarded(company: Company) -> None:
    browser = company.browsers["a platform engineer"]
    answers = [
        browser.post(reverse("accounts:theme"), {"theme": "dark"}, secure=True),
        browser.post(reverse("accounts:environment"), {"environment": "sandbox"}, secure=True),
        browser.post(reverse("notices:preferences"), {"email": "on"}, secure=True),
        Client().get(reverse("accounts:sign-in"), secure=True),
    ]
    cookies = [cookie for answer in answers for cookie in answer.cookies.values()]
    assert {cookie.key for cookie in cookies} >= {
        "__Host-theme",
        "__Host-environment",
        "__Host-messages",
        "__Host-csrf",
    }
    assert [cookie.output() for cookie in cookies if not _is_guarded(cookie)] == []


@pytest.mark.parametrize(
    ("headers", "points"),
    [({}, 30), ({"Content-Security-Policy": "default-src 'self' 'unsafe-inline'"}, 35)],
)
def test_score__of_bare_answers__is_low(headers: dict[str, str], points: int) -> None:
    assert score(headers, [], session_cookies=[]) == points


def test_every_act__without_the_forms_token__is_refused_and_does_nothing(company: Company) -> None:
    known = company.browsers["a platform engineer"]
    browser = Client(enforce_csrf_checks=True)
    browser.cookies = known.cookies
    before = rows_now()
    passed = []
    for name in (name for name, access in ADDRESSES.items() if access.act and name not in CSRF_FREE):
        address, sent = address_of(name, company)
        answer = browser.post(address, sent, secure=True)
        if answer.status_code != HTTPStatus.FORBIDDEN or "too old to be trusted" not in answer.content.decode():
            passed.append(f"{name}: {answer.status_code}")
    assert passed == []
    assert rows_now() == before
