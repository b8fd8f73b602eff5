"""Turns the domain's refusals into pages, so that no view builds an error response."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed

from portal.shell.error_pages import error_page, not_allowed
from replication.errors import InvalidInput, NotAllowed, Refused
from replication.services.attempts import attempt_write_at


class TypedErrors:
    """Middleware: a `Refused` becomes a page in words with the refusal's status, and so does a wrong method."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Nothing before the view; after it, Django's empty answer to a wrong method gets words."""
        response = self._get_response(request)
        return not_allowed(request, response) if isinstance(response, HttpResponseNotAllowed) else response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Render a refusal; None hands any other exception on to Django."""
        if not isinstance(exception, Refused):
            return None
        if isinstance(exception, NotAllowed):
            _write_attempt(request, exception)
        findings = exception.findings[1:] if isinstance(exception, InvalidInput) else ()
        sentence = exception.findings[0].message if isinstance(exception, InvalidInput) and exception.findings else None
        return error_page(request, exception.status, sentence or exception.sentence, findings=findings)


def _write_attempt(request: HttpRequest, refusal: NotAllowed) -> None:
    """A view that asked a policy by itself wrote nothing down; a service has."""
    match = request.resolver_match
    actor = request.user if isinstance(request.user, User) else None
    act, place = (match.view_name, match.kwargs) if match is not None else ("", {})
    attempt_write_at(actor=actor, act=act, refusal=refusal, place=place)
