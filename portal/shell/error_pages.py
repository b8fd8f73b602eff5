"""Error pages in words. Views build none of these: they raise, and the middleware or Django's handlers come here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.urls import reverse


@dataclass(frozen=True)
class Link:
    """Where a button leads."""

    label: str
    url: str


@dataclass(frozen=True)
class ErrorWords:
    """What an error page says; `findings` are those of an input that did not fit."""

    status: int
    title: str
    sentence: str
    remedy: str = ""
    findings: Sequence[Any] = ()
    back: Link | None = None


TITLES = {
    HTTPStatus.BAD_REQUEST: "This request makes no sense",
    HTTPStatus.FORBIDDEN: "This is not yours to do",
    HTTPStatus.NOT_FOUND: "Nothing is here",
    HTTPStatus.METHOD_NOT_ALLOWED: "Nothing to look at here",
    HTTPStatus.CONFLICT: "Not now",
    HTTPStatus.UNPROCESSABLE_ENTITY: "This does not fit",
}


def error_page(
    request: HttpRequest, status: int, sentence: str, *, remedy: str = "", findings: Sequence[Any] = ()
) -> HttpResponse:
    """The page of an error, inside the shell for whoever is signed in."""
    signed_in = hasattr(request, "user") and request.user.is_authenticated
    error = ErrorWords(
        status=status,
        title=TITLES.get(HTTPStatus(status), HTTPStatus(status).phrase),
        sentence=sentence,
        remedy=remedy,
        findings=findings,
        back=_way_back(request) if signed_in else Link("Sign in", reverse("accounts:sign-in")),
    )
    template = "errors/error.html" if signed_in else "errors/signed_out.html"
    return render(request, template, {"error": error}, status=status)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler of 404."""
    return error_page(
        request,
        HTTPStatus.NOT_FOUND,
        "There is no page under this address.",
        remedy="It may have been removed, or the address may have a slip in it.",
    )


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler of 403."""
    return error_page(request, HTTPStatus.FORBIDDEN, str(exception) or "Your roles do not allow this.")


def not_allowed(request: HttpRequest, refusal: HttpResponseNotAllowed) -> HttpResponse:
    """A page was asked for where only a form is taken: mostly an address that was copied after a form was sent."""
    page = error_page(
        request,
        refusal.status_code,
        "This address takes a form that another page sends, and shows nothing itself. Nothing was done.",
        remedy="Go back to the page that you came from, and press its button.",
    )
    page.headers["Allow"] = refusal.headers["Allow"]
    return page


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler of 400."""
    return error_page(request, HTTPStatus.BAD_REQUEST, "Sluice could not read what your browser sent.")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form came without the proof that it is ours: mostly one left open overnight."""
    return error_page(
        request,
        HTTPStatus.FORBIDDEN,
        "This form was too old to be trusted, so nothing was done.",
        remedy="Go back, load the page again and send it once more.",
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler of 500: needs neither session nor database, since those may be what broke."""
    error = ErrorWords(
        status=HTTPStatus.INTERNAL_SERVER_ERROR,
        title="Something broke on our side",
        sentence="The error is in the log of the server. Replication itself does not depend on this page, and goes on.",
        remedy="Try again; if it stays, tell the platform team at what time it happened.",
    )
    return render(None, "errors/plain.html", {"error": error}, status=error.status)


def _way_back(request: HttpRequest) -> Link:
    """To the page that the failed form stood on; else home."""
    referer = request.headers.get("referer", "")
    own = f"{request.scheme}://{request.get_host()}/"
    if request.method == "POST" and referer.startswith(own):
        return Link("Back", referer)
    return Link("To your home page", reverse("home"))
