"""Who came and went, and who was turned away: written to the record by the pages that sign people in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model

from replication.choices import AuditKind
from replication.services.actors import actor_name
from replication.services.audit import audit_write
from replication.services.service import service

if TYPE_CHECKING:
    from django.contrib.auth.models import User


@service
def session_opened(*, user: User) -> None:
    """Somebody signed in."""
    audit_write(actor=user, kind=AuditKind.SIGNED_IN, subject=user, sentence=f"{actor_name(user)} signed in.")


@service
def session_closed(*, user: User) -> None:
    """Somebody signed out."""
    audit_write(actor=user, kind=AuditKind.SIGNED_OUT, subject=user, sentence=f"{actor_name(user)} signed out.")


@service
def session_refused(*, username: str) -> None:
    """A name and a password did not belong together.

    Only names that exist are written down: people type passwords into the wrong field.
    """
    known = get_user_model().objects.filter(username=username).first()
    who = f"as “{known.get_username()}”" if known is not None else "under a name that does not exist"
    audit_write(
        actor=None,
        kind=AuditKind.SIGN_IN_REFUSED,
        subject=known,
        sentence=f"A sign-in {who} was refused.",
        data={"user": known.get_username()} if known is not None else {},
    )
