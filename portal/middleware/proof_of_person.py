"""Acts that change what runs ask for the password again when the last proof of who is at the browser is old.

Looking never asks. What was typed into the form of the act is carried along, and goes on with the right password.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.auth.models import User
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from portal.addresses import ADDRESSES
from replication.roles import Right
from replication.services.sessions import session_refused

PASSWORD = "own-password"  # noqa: S105 - the name of a field
GRAVE = frozenset({Right.APPROVE, Right.DEPLOY, Right.MANAGE})
"""The rights whose acts change what runs, or who may change it."""

_PROVED = "proved_at"
_GRAVE_ACT = "_sluice_grave_act"
_NOT_CARRIED = frozenset({PASSWORD, "csrfmiddlewaretoken"})


@receiver(user_logged_in)
def note_proof(*, request: HttpRequest, **_: Any) -> None:
    """Signing in is a proof."""
    request.session[_PROVED] = time.time()


class ProofOfPerson:
    """Middleware: a grave act more than `PROOF_LASTS` after the last proof is held until the password is given."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Nothing before the view; a grave act that was done is a proof, too."""
        response = self._get_response(request)
        if hasattr(request, _GRAVE_ACT) and response.status_code < HTTPStatus.BAD_REQUEST:
            request.session[_PROVED] = time.time()
        return response

    def process_view(self, request: HttpRequest, *_: Any) -> HttpResponse | None:
        """The page that asks for the password; None lets the act go on."""
        if request.method != "POST" or not isinstance(request.user, User) or not _is_grave(request):
            return None
        given = request.POST.get(PASSWORD)
        if given is None and not _is_young(request):
            return _ask(request, wrong=False)
        if given is not None and not _is_right(request, request.user, given):
            return _ask(request, wrong=True)
        if given is not None:
            request.session[_PROVED] = time.time()
        setattr(request, _GRAVE_ACT, True)
        return None


def _is_grave(request: HttpRequest) -> bool:
    access = ADDRESSES.get(request.resolver_match.view_name) if request.resolver_match is not None else None
    return access is not None and access.act in GRAVE


def _is_young(request: HttpRequest) -> bool:
    age = time.time() - request.session.get(_PROVED, 0.0)
    return bool(age <= settings.PROOF_LASTS.total_seconds())


def _is_right(request: HttpRequest, user: User, password: str) -> bool:
    found = authenticate(request, username=user.get_username(), password=password)
    if found is None:
        session_refused(username=user.get_username())
    return found is not None and found.pk == user.pk


def _ask(request: HttpRequest, *, wrong: bool) -> HttpResponse:
    carried = [(name, value) for name, values in request.POST.lists() if name not in _NOT_CARRIED for value in values]
    context = {"carried": carried, "wrong": wrong, "field": PASSWORD, "lasts": settings.PROOF_LASTS}
    return render(request, "accounts/prove.html", context, status=HTTPStatus.FORBIDDEN)
