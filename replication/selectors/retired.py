"""What is retired: folders in the lake that no task writes to any more, by team, with since when and by whom."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum

from deploy_engine.config.physical_names import folder_of
from replication.choices import VersionState
from replication.models import Environment, FolderCount, LedgerEntry, Team, TeamSetup
from replication.selectors.keyset import in_pieces
from replication.selectors.tables import s3_path

SHOWN = 100


@dataclass(frozen=True)
class RetiredFolder:
    """One folder, and the act that retired it: an import knows only that it was retired by then."""

    entry: LedgerEntry
    path: str
    since: datetime | None
    by: str
    change_request_number: int | None

    @property
    def count(self) -> FolderCount | None:
        """What lay in it when it was counted last; None where it never was."""
        found: FolderCount | None = getattr(self.entry, "folder_count", None)
        return found


@dataclass(frozen=True)
class RetiredCount:
    """How many of a team's folders are retired in an environment, and how many bytes lie in those that were counted.

    `cut`: in some there is more than was counted.
    """

    environment: str
    team: str
    folders: int
    size: int = 0
    counted: int = 0
    cut: bool = False

    @property
    def uncounted(self) -> int:
        """Folders of which nothing is known yet."""
        return self.folders - self.counted


@dataclass(frozen=True)
class RetiredPage:
    """Some folders, the newest entries of the ledger first; from which key to go on, None at the end."""

    folders: Sequence[RetiredFolder]
    older: int | None


def retired_counts(environment: Environment | None = None) -> list[RetiredCount]:
    """By environment and team, the largest first."""
    retired = LedgerEntry.objects.filter(setup=OuterRef("pk"), state=VersionState.RETIRED).order_by().values("setup")
    setups = TeamSetup.objects.filter(**({"environment": environment} if environment is not None else {}))
    counted = setups.annotate(folders=Subquery(retired.annotate(count=Count("pk")).values("count")))
    rows = counted.filter(folders__gt=0).values_list("pk", "environment__name", "team__slug", "folders")
    sizes = {
        setup: (size, known, bool(cut))
        for setup, size, known, cut in FolderCount.objects.order_by()
        .values("entry__setup")
        .annotate(size=Sum("size"), known=Count("pk"), cut=Count("pk", filter=Q(cut=True)))
        .values_list("entry__setup", "size", "known", "cut")
    }
    found = [
        RetiredCount(environment_name, team, folders, *sizes.get(key, (0, 0, False)))
        for key, environment_name, team, folders in rows
    ]
    return sorted(found, key=lambda each: (-each.size, -each.folders, each.environment, each.team))


def retired_folders(
    environment: Environment | None = None, team: Team | None = None, *, before: int | None = None, size: int = SHOWN
) -> RetiredPage:
    """At most `size` retired folders older than the key `before`."""
    rows = _with_parts(_rows(environment, team)).order_by("-id")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows[: size + 1])
    page = found[:size]
    return RetiredPage(_folders(page), page[-1].pk if len(found) > size else None)


def retired_whole(environment: Environment | None = None, team: Team | None = None) -> Iterator[RetiredFolder]:
    """All of them, the newest entries of the ledger first, read in pieces."""
    for piece in in_pieces(_with_parts(_rows(environment, team)), ("-id",), size=SHOWN):
        yield from _folders(piece)


def _with_parts(rows: QuerySet[LedgerEntry]) -> QuerySet[LedgerEntry]:
    return rows.select_related("setup__environment", "setup__team", "folder_count")


def _folders(page: Sequence[LedgerEntry]) -> list[RetiredFolder]:
    acts: dict[int, tuple[datetime, str, int | None]] = {}
    history = LedgerEntry.history.filter(id__in=[entry.pk for entry in page], state=VersionState.RETIRED)
    for key, at, by, number in history.order_by("-history_id").values_list(
        "id", "history_date", "actor_name", "change_request_number"
    ):
        acts[key] = (at, by, number)  # newest first, so that the act that retired it stays
    return [_folder(entry, *acts.get(entry.pk, (None, "", None))) for entry in page]


def _rows(environment: Environment | None, team: Team | None) -> QuerySet[LedgerEntry]:
    rows = LedgerEntry.objects.filter(state=VersionState.RETIRED)
    if environment is None and team is None:
        return rows
    chosen = TeamSetup.objects.filter(
        **({"environment": environment} if environment is not None else {}),
        **({"team": team} if team is not None else {}),
    )
    keys = chosen.values("pk")
    one = environment is not None and team is not None  # then an index has them in their order
    return rows.filter(setup=Subquery(keys[:1])) if one else rows.filter(setup__in=keys)


def _folder(entry: LedgerEntry, since: datetime | None, by: str, number: int | None) -> RetiredFolder:
    path = s3_path(entry.setup.environment, folder_of(entry.identity, entry.version))
    return RetiredFolder(entry, path, since, by, number)
