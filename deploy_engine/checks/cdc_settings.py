"""Whether a database's settings let DMS capture changes from its log (dms-facts.md section 10)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from deploy_engine.findings import Status
from deploy_engine.live import SourceCatalogue

_ON = frozenset({"on", "1"})
_SHORTEST_SENDER_TIMEOUT = 10_000
"""Milliseconds; 0 means never. DMS's connection may rest for so long."""


@dataclass(frozen=True)
class SettingProblem:
    """One setting that is not as it has to be; ``status`` tells whether replication would fail or only suffer."""

    status: Status
    setting: str
    found: str
    allowed: str
    why: str


def setting_problems(catalogue: SourceCatalogue, starting: int = 0) -> Iterator[SettingProblem]:
    """What is wrong with the settings where ``starting`` tasks are to run for the first time."""
    if catalogue.engine == "postgres":
        yield from _of_postgresql(catalogue, starting)
    else:
        yield from _of_mysql(catalogue)


def _of_postgresql(catalogue: SourceCatalogue, starting: int) -> Iterator[SettingProblem]:
    settings = catalogue.settings
    level = settings.get("wal_level", "")
    if level != "logical":
        why = "its log does not hold what replication needs"
        yield SettingProblem(Status.FAILED, "wal_level", level, "logical", why)
    slots = int(settings.get("max_replication_slots") or 0)
    if slots - catalogue.slots_used < starting:
        why = f"every task keeps a replication slot, and {catalogue.slots_used} are taken already"
        allowed = f"at least {catalogue.slots_used + starting}"
        yield SettingProblem(Status.FAILED, "max_replication_slots", str(slots), allowed, why)
    timeout = int(settings.get("wal_sender_timeout") or 0)
    if 0 < timeout < _SHORTEST_SENDER_TIMEOUT:
        allowed = f"0, or at least {_SHORTEST_SENDER_TIMEOUT} ms"
        why = "it breaks connections off that rest for a moment"
        yield SettingProblem(Status.WARNING, "wal_sender_timeout", f"{timeout} ms", allowed, why)


def _of_mysql(catalogue: SourceCatalogue) -> Iterator[SettingProblem]:
    settings = {name: value.lower() for name, value in catalogue.settings.items()}

    def problem(status: Status, name: str, allowed: str, why: str) -> SettingProblem:
        return SettingProblem(status, name, catalogue.settings.get(name, "not set"), allowed, why)

    if settings.get("log_bin") not in _ON:
        yield problem(Status.FAILED, "log_bin", "ON", "without a binary log there are no changes to read")
    if settings.get("binlog_format") != "row":
        yield problem(Status.FAILED, "binlog_format", "ROW", "its log holds statements, not rows")
    if settings.get("binlog_row_image") != "full":
        yield problem(Status.FAILED, "binlog_row_image", "FULL", "its log holds parts of rows only")
    for name in ("log_bin_compress", "binlog_transaction_compression"):
        if settings.get(name) in _ON:
            yield problem(Status.FAILED, name, "OFF", "DMS does not read a compressed log")
    if settings.get("binlog_checksum", "none") != "none":
        yield problem(Status.WARNING, "binlog_checksum", "NONE", "AWS asks for a log without checksums")
