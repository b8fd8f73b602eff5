"""Who acts, as text; and which request or task it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    from django.contrib.auth.models import User

SLUICE = "Sluice"
"""The name that stands where nobody asked: the worker, the watchdog."""


def actor_name(actor: User | None) -> str:
    """The name as pages and the audit show it: the full name, else the user name."""
    if actor is None:
        return SLUICE
    return actor.get_full_name() or actor.get_username()


def request_id() -> str:
    """The id of the web request or Celery task that is being served; empty outside of both."""
    bound = structlog.contextvars.get_contextvars()
    return str(bound.get("request_id") or bound.get("task_id") or "")
