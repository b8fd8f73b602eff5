"""The request as signed-in views see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django_htmx.middleware import HtmxDetails


class SignedInRequest(HttpRequest):
    """A request that passed the sign-in middleware: `user` is a user, never anonymous. For annotations only."""

    user: User
    htmx: HtmxDetails
