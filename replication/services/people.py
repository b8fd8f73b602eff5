"""Accounts of people: opened, closed and opened again; never deleted, since the history names them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.models import User as UserRow

from replication.choices import AuditKind, GlobalRoleName
from replication.policies import can_manage_platform, require, standing_forget
from replication.services.actors import actor_name
from replication.services.audit import audit_write
from replication.services.inputs import required_text
from replication.services.memberships import refuse_without_platform, require_platform
from replication.services.service import service

if TYPE_CHECKING:
    from django.contrib.auth.models import User


@service
def person_create(*, actor: User | None, username: str, first_name: str, last_name: str, email: str) -> User:
    """Open an account without a password: its owner chooses one by the link that is made for them.

    No actor: an operator at the command line. Raises `ValidationError` where the name is taken or a field does not fit.
    """
    require_platform(actor)
    person = UserRow(
        username=required_text(username, field="username", longest=150),
        first_name=required_text(first_name, field="first_name", longest=150),
        last_name=last_name.strip(),
        email=email.strip(),
    )
    person.set_unusable_password()
    person.full_clean(exclude=["password"])
    person.save()
    audit_write(
        actor=actor,
        kind=AuditKind.PERSON_CREATED,
        subject=person,
        sentence=f"{actor_name(actor)} opened the account {person.username} for {actor_name(person)}.",
        data={"user": person.username},
    )
    return person


@service
def person_close(*, actor: User, person: User, reason: str = "") -> None:
    """Close an account: it can no longer sign in, its roles count for nothing, and what it did stays told."""
    require(can_manage_platform(actor))
    if not person.is_active:
        return
    if person.global_roles.filter(role=GlobalRoleName.PLATFORM).exists():
        refuse_without_platform(leaving=person)
    words = reason.strip()
    _switch(person, active=False)
    audit_write(
        actor=actor,
        kind=AuditKind.PERSON_CLOSED,
        subject=person,
        sentence=f"{actor_name(actor)} closed the account of {actor_name(person)}{f': {words}' if words else ''}.",
        data={"user": person.get_username(), "reason": words},
    )


@service
def person_reopen(*, actor: User, person: User) -> None:
    """Open a closed account again, with the roles that it had."""
    require(can_manage_platform(actor))
    if person.is_active:
        return
    _switch(person, active=True)
    audit_write(
        actor=actor,
        kind=AuditKind.PERSON_REOPENED,
        subject=person,
        sentence=f"{actor_name(actor)} opened the account of {actor_name(person)} again.",
        data={"user": person.get_username()},
    )


def _switch(person: User, *, active: bool) -> None:
    person.is_active = active
    person.save(update_fields=["is_active"])
    standing_forget(person)
