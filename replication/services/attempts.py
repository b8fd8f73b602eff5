"""Attempts at what one may not do: each is written to the record once, wherever it was refused."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.db import transaction

from replication.choices import AuditKind
from replication.models import ChangeRequest, Environment, Team
from replication.services.audit import audit_write

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.contrib.auth.models import User

    from replication.errors import NotAllowed

_IN_WORDS = re.compile(r"[_:-]")


@transaction.atomic
def attempt_write(*, actor: User | None, act: str, refusal: NotAllowed, **scope: Any) -> None:
    """One event about `act`, a service's name or an address's; nothing where this refusal is written already."""
    if refusal.is_written:
        return
    audit_write(
        actor=actor,
        kind=AuditKind.REFUSED_ATTEMPT,
        sentence=f"Refused: {_IN_WORDS.sub(' ', act)}. {refusal.sentence}",
        data={"act": act, "code": refusal.code, "reason": refusal.sentence},
        **scope,
    )
    refusal.is_written = True


def attempt_write_at(*, actor: User | None, act: str, refusal: NotAllowed, place: Mapping[str, Any]) -> None:
    """The same for a page that refuses by itself; `place` is what its address names (`environment`, `number`, …)."""
    found = {
        "environment": Environment.objects.filter(name=place.get("environment", "")).first(),
        "team": Team.objects.filter(slug=place.get("team", "")).first(),
        "change_request": ChangeRequest.objects.filter(number=place.get("number", 0)).first(),
    }
    attempt_write(actor=actor, act=act, refusal=refusal, **found)
