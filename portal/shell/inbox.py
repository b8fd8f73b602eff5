"""What waits for the reader, read once per request: the navigation counts it, and home lists it."""

from __future__ import annotations

from django.http import HttpRequest

from replication.selectors.inbox import Inbox, inbox

_REMEMBERED = "_sluice_inbox"


def inbox_of(request: HttpRequest) -> Inbox:
    """The reader's inbox; empty for a stranger."""
    remembered: Inbox | None = request.__dict__.get(_REMEMBERED)
    if remembered is None:
        remembered = inbox(request.user) if request.user.is_authenticated else Inbox()
        request.__dict__[_REMEMBERED] = remembered
    return remembered
