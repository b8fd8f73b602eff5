"""History on one line of time: audit events, filtered, page by page, and revisions with what they changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from deploy_engine.config import Ledger, TeamConfig
from deploy_engine.config.repository import write_team
from deploy_engine.diffing import DocumentDifference, compare_documents
from replication.documents import team_document_of
from replication.models import AuditEvent, Revision, TableEntry

PAGE_SIZE = 50


@dataclass(frozen=True)
class TimelineFilters:
    """What to show; an empty field shows all. `table` is `source/schema/table`; `kind` may be a prefix: `review`."""

    environment: str = ""
    team: str = ""
    kind: str = ""
    person: str = ""
    table: str = ""


@dataclass(frozen=True)
class Moment:
    """The place of an event on the line of time: what paging goes on from."""

    at: datetime
    id: int


@dataclass(frozen=True)
class TimelinePage:
    """Some events, newest first, and from where to go on; None at the end."""

    events: list[AuditEvent]
    older: Moment | None


def timeline(filters: TimelineFilters, before: Moment | None = None, *, size: int = PAGE_SIZE) -> TimelinePage:
    """At most `size` events older than `before`. Paged by key: a page never shifts while new events arrive."""
    rows = AuditEvent.objects.select_related("environment", "team", "change_request", "deployment").defer(
        "change_request__document", "deployment__plan", "deployment__record"
    )
    if filters.environment:
        rows = rows.filter(environment__name=filters.environment)
    if filters.team:
        rows = rows.filter(team__slug=filters.team)
    if filters.kind:
        rows = rows.filter(kind__startswith=filters.kind)
    if filters.person:
        rows = rows.filter(actor_name=filters.person)
    if filters.table:
        rows = rows.filter(_about_table(filters))
    if before is not None:
        rows = rows.filter(Q(at__lt=before.at) | Q(at=before.at, id__lt=before.id))
    found = list(rows.order_by("-at", "-id")[: size + 1])
    page = found[:size]
    return TimelinePage(page, Moment(page[-1].at, page[-1].pk) if len(found) > size else None)


def people_in_history() -> list[str]:
    """Everybody who ever acted, by name."""
    return list(AuditEvent.objects.order_by("actor_name").values_list("actor_name", flat=True).distinct())


def _about_table(filters: TimelineFilters) -> Q:
    """Events of the change requests that touched the table, by its history."""
    parts = filters.table.split("/")
    if len(parts) != len(("source", "schema", "table")):
        return Q(pk__in=[])
    rows = TableEntry.history.filter(source_slug=parts[0], schema_name=parts[1], table_name=parts[2])
    if filters.environment:
        rows = rows.filter(environment__name=filters.environment)
    numbers = set(rows.exclude(change_request_number=None).values_list("change_request_number", flat=True))
    return Q(change_request__in=numbers)


@dataclass(frozen=True)
class RevisionChange:
    """A team's revision beside the one before it: table by table, and file by file (path to text)."""

    revision: Revision
    before: Revision | None
    difference: DocumentDifference | None
    files_before: dict[str, str]
    files_after: dict[str, str]


def revision_change(revision: Revision) -> RevisionChange:
    """What `revision` changed. A revision of the base stack has no tables: its difference is None."""
    before = (
        Revision.objects.filter(environment=revision.environment, team=revision.team, number__lt=revision.number)
        .select_related("environment", "team")
        .order_by("-number")
        .first()
    )
    if revision.team is None:
        return RevisionChange(revision, before, None, {}, {})
    return RevisionChange(
        revision=revision,
        before=before,
        difference=compare_documents(
            team_document_of(before.document) if before is not None else None, team_document_of(revision.document)
        ),
        files_before=_files_of(before) if before is not None else {},
        files_after=_files_of(revision),
    )


def _files_of(revision: Revision) -> dict[str, str]:
    slug = revision.team.slug if revision.team is not None else ""
    config = TeamConfig(slug, team_document_of(revision.document), Ledger.model_validate(revision.ledger))
    return dict(write_team(revision.environment.name, config))
