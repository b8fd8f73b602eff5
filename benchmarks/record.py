"""The record with a million rows: what a page costs, the first and the thousandth; taking it out, and proving it.

`python -m benchmarks.record [ROWS] [DATABASE_URL]`; without a URL, SQLite in a temporary folder. Everything goes
through the real views, over Django's own client. What is counted is this process's time on a processor, which others
on a busy machine do not lengthen: with SQLite all that a page takes but for the disk, with PostgreSQL all but the
database's own.
"""

from __future__ import annotations

import os
import random
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

ROWS = 1_000_000
AT_ONCE = 5_000
ASKED = 40
PAGE = 50
DEEP = 1_000
TEAMS = 40
PEOPLE = 60
BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
KINDS = ("task.state_changed", "table.state_changed", "change_request.edited", "checks.finished", "deployment.step")
RARE = ("review.refused", "deployment.failed", "attempt.refused")
PAGES = {
    "the timeline": "",
    "one environment": "environment=bench",
    "one team": "team=team7",
    "one team in one environment": "environment=bench&team=team7",
    "one kind, frequent": "kind=task",
    "one kind, rare": "kind=review",
    "one rare subject of one team": "team=team7&kind=attempt",
    "one rare kind of one team": "team=team7&kind=attempt.refused",
    "one person": "person=Person5+Example",
    "one table": "table=db/s/table_17",
    "one hour": "since=2026-02-01T00:00&until=2026-02-01T01:00",
}


def main() -> None:
    """Fill, ask, print."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    with tempfile.TemporaryDirectory() as folder:
        url = sys.argv[2] if len(sys.argv) > 2 else f"sqlite:///{folder}/sluice.sqlite3"
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "portal.settings",
            "SLUICE_MODE": "demo",
            "SLUICE_DATABASE_URL": url,
            "SLUICE_LOG_LEVEL": "ERROR",
            "SLUICE_VAR_DIRECTORY": folder,
        }
        import django  # noqa: PLC0415 - needs the variables above

        django.setup()
        _say(f"| what | median | 95 % below | with {rows:,} rows |\n| --- | --- | --- | --- |")
        begin = time.process_time()
        client = _filled(rows)
        _say(f"| filling, with every hash | {time.process_time() - begin:.0f} s | | |")
        for part in (_pages(client), _export(client), _proof(Path(folder))):
            for line in part:
                _say(line)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _filled(rows: int) -> Any:
    from django.contrib.auth.models import User  # noqa: PLC0415 - needs Django
    from django.core.management import call_command  # noqa: PLC0415 - as above
    from django.test import Client  # noqa: PLC0415 - as above

    from replication import models  # noqa: PLC0415 - as above

    call_command("migrate", verbosity=0)
    environment = models.Environment.objects.create(name="bench", account="1" * 12, region="eu-central-1")
    teams = [models.Team.objects.create(slug=f"team{number}", title="A team") for number in range(TEAMS)]
    people = [
        User.objects.create(username=f"person{number}", first_name=f"Person{number}", last_name="Example")
        for number in range(PEOPLE)
    ]
    models.GlobalRole.objects.create(user=people[0], role="auditor")
    batch: list[Any] = []
    for event in _events(rows, environment, teams, people):
        batch.append(event)
        if len(batch) == AT_ONCE:
            models.AuditEvent.objects.bulk_create(batch)
            batch.clear()
    models.AuditEvent.objects.bulk_create(batch)
    if os.environ["SLUICE_DATABASE_URL"].startswith("postgresql"):
        from django.db import connection  # noqa: PLC0415 - needs Django

        with connection.cursor() as cursor:
            cursor.execute("SELECT setval(pg_get_serial_sequence('replication_auditevent', 'id'), %s)", [rows])
            cursor.execute("ANALYZE")
    models.AuditChain.objects.create(name="bench", sequence=rows, hash=_last_hash)
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(people[0])
    return client


_last_hash = ""


def _events(rows: int, environment: Any, teams: list[Any], people: list[Any]) -> Iterator[Any]:
    """Events as a busy company leaves them: mostly states, some people, few failures; chained as the service does."""
    global _last_hash  # noqa: PLW0603 - the chain's end, for whoever goes on with it
    from replication.audit_chain import GENESIS, row_hash  # noqa: PLC0415 - needs Django
    from replication.models import AuditEvent  # noqa: PLC0415 - as above

    chance = random.Random(1)  # noqa: S311 - the same rows in every run
    _last_hash = GENESIS
    for number in range(1, rows + 1):
        kind = RARE[number // 1000 % 3] if number % 1000 == 0 else KINDS[number % 5]
        person = people[chance.randrange(PEOPLE)] if "." in kind and kind[0] in "cra" else None
        event = AuditEvent(
            pk=number,
            at=BEGAN + timedelta(seconds=20 * number),
            kind=kind,
            actor=person,
            actor_name=f"{person.first_name} Example" if person is not None else "Sluice",
            environment=environment,
            team=teams[chance.randrange(TEAMS)],
            object_type="task",
            object_id=str(number % 500),
            table=f"db/s/table_{number % 2000}" if kind.startswith("table") else "",
            sentence=f"Event {number} of {kind} happened, with a sentence of the usual length about it.",
            data={"task": f"team-task{number % 500}", "from": "running", "to": "stopped"},
            chain="bench",
            sequence=number,
        )
        event.hash = _last_hash = row_hash(_last_hash, "bench", number, event.chained_values)
        yield event


def _pages(client: Any) -> Iterator[str]:
    from django.urls import reverse  # noqa: PLC0415 - needs Django

    from portal.web.history.forms import moment_text  # noqa: PLC0415 - as above
    from replication.models import AuditEvent  # noqa: PLC0415 - as above
    from replication.selectors.timeline import Moment  # noqa: PLC0415 - as above

    timeline = reverse("history:timeline")
    for name, query in PAGES.items():
        yield _asked(client, f"{name}, first page", f"{timeline}?{query}")
    newest = AuditEvent.objects.latest("id").pk
    deep = AuditEvent.objects.get(pk=max(1, newest - DEEP * PAGE))
    before = f"before={moment_text(Moment(deep.at, deep.pk)).replace('+', '%2B')}"
    yield _asked(client, f"the timeline, page {DEEP:,}", f"{timeline}?{before}")
    yield _asked(client, f"one environment, page {DEEP:,}", f"{timeline}?environment=bench&{before}")
    yield _asked(client, "since the last shift", reverse("history:since"))


def _asked(client: Any, title: str, address: str) -> str:
    client.get(address)
    spent = []
    for _ in range(ASKED):
        begin = time.process_time()
        response = client.get(address)
        spent.append(time.process_time() - begin)
        if response.status_code != 200:
            raise ValueError(f"{address} answered {response.status_code}")
    slowest = statistics.quantiles(spent, n=20)[-1]
    return f"| {title} | {statistics.median(spent) * 1000:.0f} ms | {slowest * 1000:.0f} ms | |"


def _export(client: Any) -> Iterator[str]:
    from django.urls import reverse  # noqa: PLC0415 - needs Django

    for form in ("jsonl", "csv"):
        before = _megabytes()
        begin = time.process_time()
        lines = size = 0
        for piece in client.post(reverse("history:export"), {"format": form}):
            lines += 1
            size += len(piece)
        spent = time.process_time() - begin
        grown = _megabytes() - before
        what = f"taking out {lines:,} lines of {form}, {size / 1e6:.0f} MB"
        yield f"| {what} | {spent:.0f} s | | memory grew by {grown:.0f} MB |"


def _proof(folder: Path) -> Iterator[str]:
    from replication.selectors.audit_proof import audit_prove  # noqa: PLC0415 - needs Django

    before = _megabytes()
    begin = time.process_time()
    proof = audit_prove(folder)
    if proof.problems:
        raise ValueError(proof.problems)
    grown = _megabytes() - before
    yield f"| proving the chain | {time.process_time() - begin:.0f} s | | memory grew by {grown:.0f} MB |"


def _megabytes() -> float:
    """The most memory that this process ever had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
