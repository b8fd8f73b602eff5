"""The one header that neither Django nor django-csp sets."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase


class OwnPagesOnly:
    """Middleware: no other site may show anything of ours, pictures and styles included."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Set it on every answer, static files' too."""
        response = self._get_response(request)
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        return response
