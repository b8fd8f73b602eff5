"""Tables that stand in two tasks: which version is the newer one, and what it still waits for to take over.

Two active versions of a table are a reload without a gap: the older goes on until the newer has caught up.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, Max, OuterRef, Q

from deploy_engine.config import Delivery
from deploy_engine.rendering.thresholds import expected_latency_seconds
from replication.choices import DeploymentState
from replication.models import Deployment, Environment, Revision, SupersededVersion, TableEntry
from replication.selectors.health import TableState, table_state, table_status_of, task_status_of

_IDENTITY = ("source_slug", "schema_name", "table_name")


@dataclass(frozen=True)
class Superseding:
    """An older version of a table beside the newest one.

    `waiting` says what the newer one still waits for, as the rest of a sentence; empty once it has caught up. `drafted`
    is what Sluice drafted to end the older one, whatever became of that.
    """

    older: TableEntry
    newer: TableEntry
    waiting: str
    drafted: SupersededVersion | None


def supersedings(environment: Environment, tables: Collection[TableEntry] | None = None) -> list[Superseding]:
    """Every older version in the environment, or of these tables alone; one query where there is none, as mostly."""
    versions: dict[str, list[TableEntry]] = {}
    for entry in _standing_twice(environment, tables):
        versions.setdefault(entry.identity, []).append(entry)
    if not versions:
        return []
    drafted = {
        (row.identity, row.version, row.newer): row
        for row in SupersededVersion.objects.filter(environment=environment).select_related("change_request")
    }
    since = deployed_since(environment, {entries[-1].task.setup.team_id for entries in versions.values()})
    pairs = []
    for *olders, newer in versions.values():
        waiting = why_not_caught_up(newer, since.get(newer.task.setup.team_id))
        for older in olders:
            row = drafted.get((newer.identity, older.version, newer.version))
            pairs.append(Superseding(older, newer, waiting, row))
    return pairs


def deployed_since(environment: Environment, teams: Collection[int]) -> dict[int, datetime | None]:
    """By team: when the deployment ended by which its accepted revision runs; absent where it does not run yet."""
    here = {"environment": environment, "team__in": teams}
    latest = dict(Revision.objects.filter(**here).order_by().values_list("team").annotate(newest=Max("pk")))
    counted = Deployment.objects.filter(**here).exclude(state=DeploymentState.CANCELLED)
    newest = counted.order_by().values("team").annotate(newest=Max("pk")).values("newest")
    last = counted.filter(pk__in=newest, state=DeploymentState.DONE).only("team", "revision", "finished_at")
    return {row.team_id or 0: row.finished_at for row in last if row.revision_id == latest[row.team_id or 0]}


def why_not_caught_up(newer: TableEntry, deployed: datetime | None) -> str:
    """What a newer version waits for; `deployed` is the end of its deployment, before which nothing seen counts."""
    name, status, task = newer.task.name, table_status_of(newer), task_status_of(newer.task)
    state = table_state(newer)
    if deployed is None:
        return "its deployment has not ended"
    if status is None or task is None or status.observed_at < deployed:
        return "nobody has seen it in DMS yet"
    waits = {
        f"its task {name} is paused": state is TableState.HELD,
        "DMS has suspended it: it has to be reloaded": state is TableState.FAILED,
        f"{name} is loading": state is not TableState.STREAMING or task.tables_loading or task.tables_queued,
        f"{name} does not run": task.state != "running",
    }
    return next((why for why, holds in waits.items() if holds), "") or _why_late(newer, task.latency_seconds)


def _why_late(newer: TableEntry, latency: int | None) -> str:
    expected = expected_latency_seconds(Delivery(newer.task.delivery))
    if latency is None:
        return f"how late {newer.task.name} is has not been measured yet"
    if latency > expected:
        return f"{newer.task.name} is {latency} s late, and {expected} s are expected of it"
    return ""


def _standing_twice(environment: Environment, tables: Collection[TableEntry] | None) -> list[TableEntry]:
    """Active entries of tables that have several, by table and version."""
    same = TableEntry.objects.filter(
        environment=environment, paused=False, **{name: OuterRef(name) for name in _IDENTITY}
    ).exclude(pk=OuterRef("pk"))
    rows = TableEntry.objects.filter(Exists(same), environment=environment, paused=False)
    if tables is not None:
        wanted = Q(pk__in=[])
        for table in tables:
            wanted |= Q(**{name: getattr(table, name) for name in _IDENTITY})
        rows = rows.filter(wanted)
    joined = rows.select_related("status", "environment", "task__status", "task__setup__team")
    return list(joined.order_by(*_IDENTITY, "version"))
