"""A thousand alterations of the audit in a real database, its guards lifted, each undone again: how many are found?"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from replication.audit_chain import COMPANY_CHAIN, Anchor, chain_verify, row_hash
from replication.choices import AuditKind
from replication.models import AuditEvent
from replication.models.append_only import guards_lifted
from replication.selectors.audit_proof import chain_rows
from replication.services.audit import audit_write

ALTERATIONS = 1000
ROWS = 16
ANCHORED_EVERY = 5
FROM_THEN_ON = "zz"
"""What an altered text ends with."""


@dataclass(frozen=True)
class Found:
    """How many alterations were made, and found; and what was said of the chain before, between and after them."""

    made: int
    found: int
    unaltered: tuple[str, ...]


def alter_and_find() -> Found:
    """Alter anchored rows, one way after another, in a transaction that is taken back after the chain was read."""
    chain = COMPANY_CHAIN
    for number in range(ROWS):
        with transaction.atomic():
            audit_write(actor=None, kind=AuditKind.SIGNED_OUT, sentence=f"Visitor {number} left.", data={"n": number})
    events = AuditEvent.objects.filter(chain=chain).order_by("sequence")
    anchors = [
        Anchor(chain, sequence, written, "a commit")
        for sequence, written in events.values_list("sequence", "hash")
        if sequence % ANCHORED_EVERY == 0
    ]
    last = max(anchor.sequence for anchor in anchors)
    chance = random.Random(20261124)  # noqa: S311 - the same alterations in every run
    found, unaltered = 0, [_problem(chain, anchors)]
    with guards_lifted(connection):
        for number in range(ALTERATIONS):
            with transaction.atomic():
                _alter(chain, 1 + chance.randrange(last - 1), chance)
                found += bool(_problem(chain, anchors))
                transaction.set_rollback(True)
            if number % 250 == 0:
                unaltered.append(_problem(chain, anchors))
    unaltered.append(_problem(chain, anchors))
    return Found(ALTERATIONS, found, tuple(unaltered))


def _problem(chain: str, anchors: list[Anchor]) -> str:
    return chain_verify(chain, chain_rows(chain), anchors).problem


def _alter(chain: str, sequence: int, chance: random.Random) -> None:
    """One alteration at a row; every fourth time all hashes after it are made anew, as who knows the chain would."""
    act = chance.choice([_change, _change, _change, _change_hash, _remove, _put_in, _swap, _cut])
    act(AuditEvent.objects.get(chain=chain, sequence=sequence), chance)
    if act not in {_cut, _change_hash} and chance.random() < 0.25:  # making a hash anew would only mend it
        _compute_anew(chain, sequence)


def _change(event: AuditEvent, chance: random.Random) -> None:
    """One column, whichever: also its key, its chain and its place."""
    names = [field.attname for field in AuditEvent._meta.concrete_fields if not field.generated]
    names.remove("hash")
    name = chance.choice(names)
    value = getattr(event, name)
    AuditEvent.objects.filter(pk=event.pk).update(**{name: _other(name, value)})


def _change_hash(event: AuditEvent, chance: random.Random) -> None:
    altered = f"{(int(event.hash, 16) + 1) % 2**256:064x}"
    AuditEvent.objects.filter(pk=event.pk).update(hash=altered)


def _other(name: str, value: Any) -> Any:
    if name == "data":
        return {**value, "put": "in"}
    if isinstance(value, datetime):
        return value + timedelta(microseconds=1)
    if value is None or isinstance(value, int):
        return (value or 0) + 1_000_000
    return f"{value[:20]}{FROM_THEN_ON}"


def _remove(event: AuditEvent, chance: random.Random) -> None:
    AuditEvent.objects.filter(pk=event.pk)._raw_delete(AuditEvent.objects.db)


def _put_in(event: AuditEvent, chance: random.Random) -> None:
    """A row that never was, at the place of another; those after it move up."""
    _move_from(event.chain, event.sequence, by=1)
    event.pk, event.sentence = event.pk + 2_000_000, "Somebody approved it."
    AuditEvent.objects.bulk_create([event])


def _swap(event: AuditEvent, chance: random.Random) -> None:
    after = AuditEvent.objects.get(chain=event.chain, sequence=event.sequence + 1)
    for pk, sequence in ((event.pk, 0), (after.pk, event.sequence), (event.pk, event.sequence + 1)):
        AuditEvent.objects.filter(pk=pk).update(sequence=sequence)


def _cut(event: AuditEvent, chance: random.Random) -> None:
    later = AuditEvent.objects.filter(chain=event.chain, sequence__gt=event.sequence)
    later._raw_delete(AuditEvent.objects.db)


def _move_from(chain: str, sequence: int, *, by: int) -> None:
    """From the end on, for no two rows may have one place even for a moment."""
    rows = AuditEvent.objects.filter(chain=chain, sequence__gte=sequence).order_by("-sequence")
    for pk, place in rows.values_list("pk", "sequence"):
        AuditEvent.objects.filter(pk=pk).update(sequence=place + by)


def _compute_anew(chain: str, sequence: int) -> None:
    """All places and hashes from a row on, so that the chain in itself is whole."""
    before = AuditEvent.objects.filter(chain=chain, sequence__lt=sequence).order_by("sequence").last()
    place, previous = (before.sequence, before.hash) if before is not None else (0, "0" * 64)
    for event in AuditEvent.objects.filter(chain=chain, sequence__gte=sequence).order_by("sequence"):
        place += 1
        previous = row_hash(previous, chain, place, event.chained_values)
        AuditEvent.objects.filter(pk=event.pk).update(sequence=place, hash=previous)
