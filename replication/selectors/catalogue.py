"""The catalogue, for whoever reads the lake: every team's tables, whose they are, where they land, and what is ahead.

Paged by key, so that the last page of fifty thousand tables costs what the first does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db.models import OuterRef, Q, QuerySet, Subquery

from deploy_engine.planning import EffectKind
from replication.choices import ChangeRequestState, CheckRunState
from replication.models import ChangeRequest, CheckRun, Environment, TableEntry
from replication.selectors.freshness import Delay, delay_of
from replication.selectors.keyset import beyond, in_pieces
from replication.selectors.tables import ORDER

PAGE_SIZE = 25
MOST_COUNTED = 10_000
MOST_CHANGES = 50
"""Changes whose plans are read for one page; the newest ones."""

ANNOUNCED = (
    ChangeRequestState.IN_REVIEW,
    ChangeRequestState.APPROVED,
    ChangeRequestState.MERGED,
    ChangeRequestState.DEPLOYING,
)
"""Changes that are ahead: of a draft nobody knows yet whether it will be proposed."""

INTERRUPTS = {
    EffectKind.REMOVE_TASK: "ends",
    EffectKind.REMOVE_TABLE: "ends",
    EffectKind.PAUSE_TABLE: "pauses until it is loaded anew",
    EffectKind.RETIRE_VERSION: "ends, for a new version",
    EffectKind.RELOAD: "reloads",
    EffectKind.GIVE_UP_LOAD: "load is given up",
    EffectKind.STAY_STOPPED: "stays stopped",
    EffectKind.PAUSE: "pauses",
}
"""What a plan may do to a table's readers, worst first, as the end of "this table …"."""

Key = tuple[str, str, str, str]
"""Source, schema, table and version: no two entries of an environment share them."""


@dataclass(frozen=True)
class CatalogueFilters:
    """What to list; empty fields filter nothing. `team` is a slug, `delivery` a delivery class."""

    words: str = ""
    team: str = ""
    delivery: str = ""


@dataclass(frozen=True)
class Interruption:
    """What a change that is ahead does to a table."""

    words: str
    change_request: ChangeRequest
    seconds: int | None


@dataclass(frozen=True)
class CatalogueRow:
    """One table entry, with its freshness and what is ahead of it."""

    entry: TableEntry
    delay: Delay
    ahead: list[Interruption]


@dataclass(frozen=True)
class CataloguePage:
    """Some tables by name, and the key from which to go on; None at the end."""

    rows: list[CatalogueRow]
    after: Key | None


def catalogue(environment: Environment, filters: CatalogueFilters, after: Key | None = None) -> CataloguePage:
    """At most `PAGE_SIZE` tables that come after a key. Three queries."""
    rows = _with_parts(_fitting(environment, filters))
    if after is not None:
        rows = rows.filter(beyond(ORDER, after))
    found = list(rows.order_by(*ORDER)[: PAGE_SIZE + 1])
    page = found[:PAGE_SIZE]
    return CataloguePage(
        _rows(environment, page, most=MOST_CHANGES), _key(page[-1]) if len(found) > PAGE_SIZE else None
    )


def catalogue_whole(environment: Environment, filters: CatalogueFilters) -> Iterator[CatalogueRow]:
    """All that fits, by name, read in pieces, with every change that is ahead; three queries for each piece."""
    for piece in in_pieces(_with_parts(_fitting(environment, filters)), ORDER):
        yield from _rows(environment, piece)


def catalogue_count(environment: Environment, filters: CatalogueFilters) -> int:
    """How many tables fit, counted up to one more than `MOST_COUNTED`."""
    return _fitting(environment, filters)[: MOST_COUNTED + 1].count()


def _with_parts(rows: QuerySet[TableEntry]) -> QuerySet[TableEntry]:
    return rows.select_related("environment", "status", "task__status", "task__source", "task__setup__team")


def _rows(environment: Environment, entries: Sequence[TableEntry], *, most: int | None = None) -> list[CatalogueRow]:
    ahead = _ahead(environment, entries, most)
    return [CatalogueRow(entry, delay_of(entry), ahead[entry.pk]) for entry in entries]


def _fitting(environment: Environment, filters: CatalogueFilters) -> QuerySet[TableEntry]:
    rows = TableEntry.objects.filter(environment=environment).order_by()
    for word in filters.words.replace("/", " ").replace(".", " ").split():
        rows = rows.filter(
            Q(source_slug__icontains=word) | Q(schema_name__icontains=word) | Q(table_name__icontains=word)
        )
    if filters.team:
        rows = rows.filter(task__setup__team__slug=filters.team)
    return rows.filter(task__delivery=filters.delivery) if filters.delivery else rows


def _key(entry: TableEntry) -> Key:
    return entry.source_slug, entry.schema_name, entry.table_name, entry.version


def _ahead(environment: Environment, entries: Sequence[TableEntry], most: int | None) -> dict[int, list[Interruption]]:
    """For each entry what changes ahead do to it: its team's, and those of the base, which may stop any task."""
    teams = {entry.task.setup.team_id for entry in entries}
    changes = list(
        ChangeRequest.objects.filter(Q(team__in=teams) | Q(team=None), environment=environment, state__in=ANNOUNCED)
        .defer("document", "description")
        .order_by("-number")[:most]
    )
    done = dict.fromkeys((change.number for change in changes), ())
    plans = CheckRun.objects.filter(pk__in=_judging(done), state=CheckRunState.DONE, plan__isnull=False)
    effects = dict(plans.values_list("change_request_id", "plan__side_effects")) if done else {}
    ahead: dict[int, list[Interruption]] = defaultdict(list)
    for change in changes:
        worst = _worst(effects.get(change.number) or ())
        for entry in entries:
            task = f"{entry.task.setup.team.slug}-{entry.task.name}"
            found = worst.get((task, entry.identity)) or worst.get((task, ""))
            if found is not None:
                ahead[entry.pk].append(Interruption(INTERRUPTS[found[0]], change, found[1]))
    return ahead


def _judging(numbers: Iterable[int]) -> QuerySet[ChangeRequest, int]:
    """The newest check run for the document of each change as it is now."""
    newest = (
        CheckRun.objects.filter(change_request=OuterRef("pk"), document_hash=OuterRef("document_hash"))
        .exclude(state=CheckRunState.OVERTAKEN)
        .order_by("-id")
    )
    return ChangeRequest.objects.filter(pk__in=list(numbers)).values_list(Subquery(newest.values("pk")[:1]))


def _worst(effects: Iterable[dict[str, object]]) -> dict[tuple[str, str], tuple[EffectKind, int | None]]:
    """By DMS task and table ("" for the whole task) the worst that happens, with its estimate in seconds."""
    order = list(INTERRUPTS)
    worst: dict[tuple[str, str], tuple[EffectKind, int | None]] = {}
    for effect in effects:
        kind = EffectKind(str(effect["kind"]))
        if kind not in INTERRUPTS:
            continue
        place = (str(effect["task"]), str(effect["table"]))
        estimate = effect.get("estimate_seconds")
        if place not in worst or order.index(kind) < order.index(worst[place][0]):
            worst[place] = (kind, estimate if isinstance(estimate, int) else None)
    return worst
