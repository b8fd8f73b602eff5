"""Refusals as pages."""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from pytest_django.fixtures import Settings

from deploy_engine.findings import Finding, Status
from portal import urls
from replication.errors import InvalidInput, NotAllowed, WrongState

FINDINGS = [
    Finding("config.schema", Status.FAILED, "Line 1: this is no version.", remedy="Write vYYYYMMDDHHMM."),
    Finding("config.schema", Status.FAILED, "Line 2: this is no table.", remedy="Write schema.table."),
]
REFUSALS = {
    "not-yours": NotAllowed("You are not in team food."),
    "not-now": WrongState("This change request is closed."),
    "no-fit": InvalidInput(FINDINGS),
}


def refuse(request: HttpRequest, name: str) -> HttpResponse:
    """A view that refuses."""
    raise REFUSALS[name]


def break_down(request: HttpRequest) -> HttpResponse:
    """A view with a defect."""
    raise RuntimeError("a defect")


urlpatterns = [*urls.urlpatterns, path("refuse/<name>/", refuse), path("break-down/", break_down)]
handler403, handler404, handler500 = urls.handler403, urls.handler404, urls.handler500


@pytest.fixture(autouse=True)
def own_urls(settings: Settings) -> Iterator[None]:
    """This module's addresses."""
    settings.ROOT_URLCONF = __name__
    return iter([None])


@pytest.mark.parametrize(
    ("name", "status", "words"),
    [
        ("not-yours", HTTPStatus.FORBIDDEN, "You are not in team food."),
        ("not-now", HTTPStatus.CONFLICT, "This change request is closed."),
        ("no-fit", HTTPStatus.UNPROCESSABLE_ENTITY, "Line 2: this is no table. Write schema.table."),
    ],
)
def test_typed_errors__a_refusal__becomes_a_page_with_its_status(
    signed_in: Client, name: str, status: HTTPStatus, words: str
) -> None:
    response = signed_in.get(f"/refuse/{name}/")
    assert response.status_code == status
    assert words in response.content.decode()


def test_typed_errors__a_defect__becomes_a_page_that_needs_no_database(signed_in: Client) -> None:
    signed_in.raise_request_exception = False
    response = signed_in.get("/break-down/")
    assert response.status_code == HTTPStatus.INTERNAL_SERVER_ERROR
    assert "Replication itself" in response.content.decode()


def test_not_found__no_such_page__answers_in_words(signed_in: Client) -> None:
    response = signed_in.get("/nothing-here/")
    assert response.status_code == HTTPStatus.NOT_FOUND
    assert "There is no page under this address." in response.content.decode()


def test_forms__without_their_token__answer_in_words(signed_in: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = signed_in.cookies
    response = strict.post("/account/theme/", {"theme": "dark"})
    assert response.status_code == HTTPStatus.FORBIDDEN
    assert "too old to be trusted" in response.content.decode()


def test_wrong_method__of_an_address_that_takes_forms__is_told_in_words_with_what_it_takes(signed_in: Client) -> None:
    response = signed_in.get("/changes/ship-together/")
    assert response.status_code == HTTPStatus.METHOD_NOT_ALLOWED
    assert response.headers["Allow"] == "POST"
    assert b"This address takes a form" in response.content
