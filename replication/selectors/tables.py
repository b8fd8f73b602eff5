"""Tables: all of them with where they land, and the life of one from its first version on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import F, QuerySet

from deploy_engine.config.physical_names import TARGET_SCHEMA
from replication.models import AuditEvent, Comment, Environment, LedgerEntry, TableEntry
from replication.selectors.asked_for import AskedFor, asked_for
from replication.selectors.keyset import beyond

OBSERVED_SHOWN = 100
"""States and loads in a table's story; history has the older ones."""


@dataclass(frozen=True)
class TableIdentity:
    """One table of one environment, whatever its version."""

    environment: Environment
    source: str
    schema: str
    table: str

    @property
    def name(self) -> str:
        """`fooddb/foodsearch/barcodes`."""
        return f"{self.source}/{self.schema}/{self.table}"


@dataclass(frozen=True)
class TableVersion:
    """One version that the table ever had, with where its data lies."""

    version: str
    state: str
    path: str
    by: str
    change_request_number: int | None


@dataclass(frozen=True)
class TableLife:
    """One table: where it stands now, every version, every change, and the requests that brought them by number."""

    identity: TableIdentity
    entries: list[TableEntry]
    versions: list[TableVersion]
    history: list[Any]
    observed: list[AuditEvent]
    change_requests: dict[int, AskedFor]
    comments: list[Comment]


COUNTED_AT_MOST = 10_000
ORDER = ("source_slug", "schema_name", "table_name", "version")
"""No two tables of an environment have all of them: they name the folder."""


@dataclass(frozen=True)
class TablePage:
    """A part of the list, how many there are in all (one more than `COUNTED_AT_MOST`: more), and where it goes on."""

    entries: list[TableEntry]
    count: int
    after: str


def s3_path(environment: Environment, folder: str) -> str:
    """Where a folder lies in the environment's lake: `s3://bucket/data/folder/`."""
    return f"s3://{environment.lake_bucket}/{TARGET_SCHEMA}/{folder}/"


def tables_list(environment: Environment | None = None) -> QuerySet[TableEntry]:
    """Every table entry with what a list shows of it, by source, schema, table and version."""
    rows = TableEntry.objects.select_related(
        "status", "environment", "task__status", "task__source", "task__setup__team"
    ).order_by("environment__position", "source_slug", "schema_name", "table_name", "version", "pk")
    return rows.filter(environment=environment) if environment is not None else rows


def tables_page(rows: QuerySet[TableEntry], *, after: str = "", size: int) -> TablePage:
    """The page of one environment's `tables_list`, narrowed or not, that goes on below the place `after`."""
    counted = rows.order_by()[: COUNTED_AT_MOST + 1].count()
    place = after.split("/")
    below = list(rows.filter(beyond(ORDER, place))[: size + 1] if len(place) == len(ORDER) else rows[: size + 1])
    entries, more = below[:size], len(below) > size
    return TablePage(entries, counted, f"{entries[-1].identity}/{entries[-1].version}" if more else "")


def table_life(identity: TableIdentity, *, observed: int | None = OBSERVED_SHOWN) -> TableLife | None:
    """The life of one table, or None where it never had one. `observed`: how many states and loads; None: all."""
    columns = {
        "environment": identity.environment,
        "source_slug": identity.source,
        "schema_name": identity.schema,
        "table_name": identity.table,
    }
    history = list(TableEntry.history.filter(**columns).order_by("-history_date", "-history_id"))
    if not history:
        return None
    numbers = {row.change_request_number for row in history if row.change_request_number is not None}
    ledger = LedgerEntry.objects.filter(setup__environment=identity.environment, identity=identity.name).order_by(
        "-version"
    )
    first_seen = {row.version: row for row in history}  # newest first, so that the oldest row of a version stays
    return TableLife(
        identity=identity,
        entries=list(tables_list(identity.environment).filter(**columns)),
        versions=[_version(identity, row, first_seen.get(row.version)) for row in ledger],
        history=history,
        observed=list(
            AuditEvent.objects.alias(place=F("environment_id") + 0)  # so that SQLite takes the table's own index
            .filter(table=identity.name, place=identity.environment.pk)
            .exclude(table="")
            .order_by("-at", "-id")[:observed]
        ),
        change_requests=asked_for(numbers) if numbers else {},
        comments=list(
            Comment.objects.filter(table=identity.name, change_request__environment=identity.environment)
            .select_related("change_request")
            .order_by("at")
        ),
    )


def _version(identity: TableIdentity, row: LedgerEntry, first: Any) -> TableVersion:
    folder = f"{identity.source}_{identity.schema}_{identity.table}_{row.version}"
    return TableVersion(
        version=row.version,
        state=row.state,
        path=s3_path(identity.environment, folder),
        by=first.actor_name if first is not None else "",
        change_request_number=first.change_request_number if first is not None else None,
    )
