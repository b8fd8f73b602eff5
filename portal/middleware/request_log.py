"""One line in the log for each request: without what people searched for, and without what opens a door."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import Resolver404, resolve
from django_structlog.middlewares import RequestMiddleware

_HIDDEN = "token"
"""The argument of an address that is a proof by itself: whoever reads it in a log could use it."""


class RequestLog(RequestMiddleware):
    """django-structlog's own; the address stands without its query, which holds whatever was typed into a search."""

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        """Method and path."""
        try:
            token = resolve(request.path).kwargs.get(_HIDDEN, "")
        except Resolver404:
            token = ""
        path = request.path.replace(str(token), "…") if token else request.path
        return f"{request.method} {path}"
