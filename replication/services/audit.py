"""Writing the audit: called by every service, in the transaction of what it tells of.

Each event is chained to the one before it in its environment (`replication/audit_chain.py`): the end of the chain is
locked until the transaction ends, so that no two events follow the same one, on SQLite and PostgreSQL alike.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection
from django.utils import timezone

from replication.audit_chain import COMPANY_CHAIN, row_hash
from replication.choices import AuditKind
from replication.models import AuditChain, AuditEvent, ChangeRequest, Deployment, Environment, Team
from replication.services.actors import actor_name, request_id
from replication.services.notices import notices_write

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.db.models import Model

_LONGEST_SENTENCE = 1000
_KEYS = ("actor", "environment", "team", "change_request", "deployment")


def audit_write(
    *,
    actor: User | None,
    kind: AuditKind,
    sentence: str,
    environment: Environment | None = None,
    team: Team | None = None,
    change_request: ChangeRequest | None = None,
    deployment: Deployment | None = None,
    subject: Model | None = None,
    data: dict[str, Any] | None = None,
    table: str = "",
) -> AuditEvent:
    """One event. Environment and team come from the change request or the deployment where they are not given.

    `subject` is what the act was done to; where it is not given, the deployment or the change request is.
    """
    scope = deployment or change_request
    if scope is not None:
        environment = environment or scope.environment
        team = team or scope.team
    subject = subject or scope or team or environment
    chain = _chain_locked(environment)
    event = AuditEvent(
        pk=_next_key(),
        at=timezone.now(),
        kind=kind,
        actor=actor,
        actor_name=actor_name(actor),
        environment=environment,
        team=team,
        change_request=change_request or (deployment.change_request if deployment is not None else None),
        deployment=deployment,
        object_type=subject._meta.model_name or "" if subject is not None else "",
        object_id=str(subject.pk) if subject is not None else "",
        table=table,
        sentence=sentence[:_LONGEST_SENTENCE],
        data=data or {},
        request_id=request_id(),
        chain=chain.name,
        sequence=chain.sequence + 1,
    )
    event.hash = row_hash(chain.hash, event.chain, event.sequence, event.chained_values)
    event.clean_fields(exclude=_KEYS)  # whether the keys lead somewhere, the database itself sees
    event.save(force_insert=True)
    chain.sequence, chain.hash = event.sequence, event.hash
    chain.save(update_fields=["sequence", "hash"])
    notices_write(event)
    return event


def _chain_locked(environment: Environment | None) -> AuditChain:
    """The end of the chain, held until the transaction ends."""
    name = environment.name if environment is not None else COMPANY_CHAIN
    return AuditChain.objects.select_for_update().get_or_create(name=name)[0]


def _next_key() -> int:
    """The key that the row will have: the hash covers it, so it must be known before."""
    table = AuditEvent._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id'))", [table])
        else:
            cursor.execute("SELECT COALESCE(MAX(seq), 0) + 1 FROM sqlite_sequence WHERE name = %s", [table])
        return int(cursor.fetchone()[0])
