"""Run in a process of its own, on whichever database `SLUICE_DATABASE_URL` names: does the database keep the record?

Prints one JSON object: what was refused table by table, and what is left to say after four threads wrote at once.
Asks what is written out in SQL, too: neither database may understand it otherwise.
"""

from __future__ import annotations

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from datetime import timedelta

import django

django.setup()

from django.core.management import call_command  # noqa: E402 - Django is set up above
from django.db import IntegrityError, connection, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from deploy_engine.checks.sample import BARCODES, sample_subject  # noqa: E402
from replication.choices import AuditKind  # noqa: E402
from replication.models import AuditEvent, Environment, LedgerEntry, Team, TeamSetup  # noqa: E402
from replication.models.append_only import guarded_models, guards_missing  # noqa: E402
from replication.selectors.audit_proof import audit_prove  # noqa: E402
from replication.selectors.exports.record import rows as record_rows  # noqa: E402
from replication.selectors.neighbours import neighbours_of  # noqa: E402
from replication.selectors.shift import shift_since  # noqa: E402
from replication.selectors.timeline import TimelineFilters, timeline, timeline_count  # noqa: E402
from replication.services.audit import audit_write  # noqa: E402
from tests.replication.altering import alter_and_find  # noqa: E402
from tests.replication.factories import EnvironmentFactory  # noqa: E402

THREADS = 4
EACH = 25


def _refused(statement: str) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except IntegrityError:
        return True
    return False


def _write(number: int) -> None:
    environment = Environment.objects.get()
    for each in range(EACH):
        with transaction.atomic():
            audit_write(
                actor=None, kind=AuditKind.COMMENTED, environment=environment, sentence=f"Thread {number} said {each}."
            )
    connection.close()


def _read() -> list[int]:
    """What the pages of history ask, in the database's own dialect: each must answer, whatever it is."""
    filters = TimelineFilters(environment="environment0", kind="change_request", until=timezone.now())
    first = timeline(filters, size=60)
    second = timeline(filters, first.older, size=60)
    table = timeline_count(TimelineFilters(table="db/schema/table", kind="change_request.merged", person="Sluice"))
    shift = shift_since(timezone.now() - timedelta(days=1), seen=[], environment=Environment.objects.get())
    rows = sum(1 for _ in record_rows(filters))
    return [len(first.events), len(second.events), timeline_count(filters), table, len(shift.broke), rows]


def _neighbours() -> bool:
    """Whether the statement that is written out finds the one team whose ledger has a table of the document."""
    environment = Environment.objects.get()
    own, other = (
        TeamSetup.objects.create(team=Team.objects.create(slug=slug, title=slug), environment=environment, title=slug)
        for slug in ("food", "other")
    )
    for setup in (own, other):
        LedgerEntry.objects.create(setup=setup, identity=BARCODES[0], version=BARCODES[1], state="active")
    document = sample_subject().team.document
    return neighbours_of(environment, own.team, document, lake=[environment]) == {other.pk}


def main() -> None:
    """Migrate, write from several threads, then try to rewrite."""
    call_command("migrate", verbosity=0)
    EnvironmentFactory(name="environment0")
    with ThreadPoolExecutor(THREADS) as threads:
        list(threads.map(_write, range(THREADS)))
    proof = audit_prove()
    statements = ["UPDATE replication_auditevent SET sentence = 'x'", "DELETE FROM replication_auditevent"]
    statements += ["UPDATE replication_historicalenvironment SET name = 'x'"]
    statements += ["DELETE FROM replication_historicalenvironment"]
    if connection.vendor == "postgresql":
        statements += [f"TRUNCATE {model._meta.db_table} CASCADE" for model in guarded_models()]
    else:
        columns = ", ".join(f'"{each.column}"' for each in AuditEvent._meta.concrete_fields if not each.generated)
        table = "replication_auditevent"
        statements += [f"REPLACE INTO {table} ({columns}) SELECT {columns} FROM {table} WHERE id = 1"]  # noqa: S608
    json.dump(
        {
            "vendor": connection.vendor,
            "missing": guards_missing(connection),
            "problems": proof.problems,
            "rows": [verdict.rows for verdict in proof.chains],
            "let_through": [statement for statement in statements if not _refused(statement)],
            "events": AuditEvent.objects.count(),
            "read": _read(),
            "neighbours": _neighbours(),
            "altered": asdict(alter_and_find()),
            "missing_after": guards_missing(connection),
        },
        sys.stdout,
    )


if __name__ == "__main__":
    main()
