"""`python -m benchmarks.record [ROWS] [postgresql | DATABASE_URL]`: what the record's pages cost; SQLite if not said.

`postgresql` starts a server of its own and ends it. Everything goes through the real views, over Django's own client.
What counts is time on a processor, which others on a busy machine do not lengthen: this process's, and with PostgreSQL
also that of the server's process for this connection. What a clock shows is told beside it. A database that is filled
already is asked as it stands.
"""

from __future__ import annotations

import importlib
import os
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any

from benchmarks.record.pages import addresses

ROWS = 1_000_000
ASKED = 40
GOAL_MILLISECONDS = 100
GOAL_DEEP = 1.5


def main() -> None:
    """Fill, ask, print."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    with tempfile.TemporaryDirectory() as folder, _database(folder, sys.argv[2:3]) as url:
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "portal.settings",
            "SLUICE_MODE": "demo",
            "SLUICE_DATABASE_URL": url,
            "SLUICE_LOG_LEVEL": "ERROR",
            "SLUICE_VAR_DIRECTORY": folder,
        }
        import django  # noqa: PLC0415 - needs the variables above

        django.setup()
        _say(f"| what | median | 95 % below | by the clock | with {rows:,} rows |\n| --- | --- | --- | --- | --- |")
        begin = time.perf_counter()
        client = _filled(rows)
        _say(f"| filling, with every hash | {time.perf_counter() - begin:.0f} s | | | |")
        for part in (_pages(client), _export(client), _proof(Path(folder))):
            for line in part:
                _say(line)


def _database(folder: str, chosen: list[str]) -> AbstractContextManager[str]:
    if not chosen:
        return nullcontext(f"sqlite:///{folder}/sluice.sqlite3")
    return _own_postgresql() if chosen[0] == "postgresql" else nullcontext(chosen[0])


@contextmanager
def _own_postgresql() -> Iterator[str]:
    """The server that the tests start, with its own few settings: 32 MB of shared buffers."""
    from portal.demo.database import server  # noqa: PLC0415 - only where it is asked for
    from portal.demo.place import LOOPBACK  # noqa: PLC0415 - as above
    from tests.local_aws.postgres import running  # noqa: PLC0415 - as above

    with running() as found:
        yield f"postgresql://{server.SUPERUSER}:{found.password}@{LOOPBACK}:{found.port}/postgres"


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _filled(rows: int) -> Any:
    from django.contrib.auth.models import User  # noqa: PLC0415 - needs Django
    from django.core.management import call_command  # noqa: PLC0415 - as above
    from django.db import connection  # noqa: PLC0415 - as above
    from django.test import Client  # noqa: PLC0415 - as above

    from benchmarks.record.filling import Filling  # noqa: PLC0415 - as above
    from replication.models import AuditEvent  # noqa: PLC0415 - as above

    call_command("migrate", verbosity=0)
    if not AuditEvent.objects.exists():
        Filling(rows).run()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:  # what helpers of a query spend would not be counted
            cursor.execute("SET max_parallel_workers_per_gather = 0")
    importlib.import_module("portal.wsgi")  # as gunicorn begins: with what is loaded kept from the collector
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(User.objects.get(username="person0"))
    return client


def _pages(client: Any) -> Iterator[str]:
    firsts: dict[str, float] = {}
    for name, address in addresses().items():
        processor, clock = _asked(client, address)
        slowest = statistics.quantiles(processor, n=20)[-1] * 1000
        middle = statistics.median(processor) * 1000
        notes = [] if slowest <= GOAL_MILLISECONDS else ["too slow"]
        shown, _, place = name.partition(", page ")
        firsts.setdefault(shown, middle)
        if place:
            ratio = middle / firsts[shown]
            notes += [f"{ratio:.2f} of page 1" + ("" if ratio <= GOAL_DEEP else ": too slow")]
        seen = statistics.median(clock) * 1000
        yield f"| {name} | {middle:.0f} ms | {slowest:.0f} ms | {seen:.0f} ms | {', '.join(notes)} |"


def _asked(client: Any, address: str) -> tuple[list[float], list[float]]:
    """Seconds of each answer: on a processor, and by the clock."""
    client.get(address)
    processor, clock = [], []
    for _ in range(ASKED):
        begin, began = time.perf_counter(), time.process_time() + _database_seconds()
        response = client.get(address)
        clock.append(time.perf_counter() - begin)
        processor.append(time.process_time() + _database_seconds() - began)
        if response.status_code != 200:
            raise ValueError(f"{address} answered {response.status_code}")
    return processor, clock


def _database_seconds() -> float:
    """How long PostgreSQL's process for this connection was on a processor so far, as Linux counts it."""
    from django.db import connection  # noqa: PLC0415 - needs Django

    if connection.vendor != "postgresql":
        return 0.0
    process = connection.connection.info.backend_pid
    return int(Path(f"/proc/{process}/schedstat").read_text().split()[0]) / 1e9


def _export(client: Any) -> Iterator[str]:
    from django.urls import reverse  # noqa: PLC0415 - needs Django

    for form in ("jsonl", "csv"):
        before = _megabytes()
        begin = time.perf_counter()
        lines = size = 0
        for piece in client.post(reverse("history:export"), {"format": form}):
            lines += 1
            size += len(piece)
        spent = time.perf_counter() - begin
        peak = _megabytes()
        what = f"taking out {lines:,} lines of {form}, {size / 1e6:.0f} MB"
        yield f"| {what} | {spent:.0f} s | | | peak {peak:.0f} MB, {peak - before:.0f} MB more than before |"


def _proof(folder: Path) -> Iterator[str]:
    from replication.selectors.audit_proof import audit_prove  # noqa: PLC0415 - needs Django

    before = _megabytes()
    begin = time.perf_counter()
    proof = audit_prove(folder)
    if proof.problems:
        raise ValueError(proof.problems)
    peak = _megabytes()
    spent = time.perf_counter() - begin
    yield f"| proving the chain | {spent:.0f} s | | | peak {peak:.0f} MB, {peak - before:.0f} MB more than before |"


def _megabytes() -> float:
    """The most memory that this process ever had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
