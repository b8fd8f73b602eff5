"""History on one line of time: audit events, filtered and paged by key, and revisions with what they changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model
from django.db.models import F, Q, QuerySet, Subquery, Value
from django.db.models.functions import Concat

from deploy_engine.config import Ledger, TeamConfig
from deploy_engine.config.canonical import canonical_json
from deploy_engine.config.repository import environment_path, write_team
from deploy_engine.diffing import DocumentDifference, SettingChange
from replication.documents import base_document_of, team_document_of
from replication.models import AuditEvent, Environment, Revision, TableEntry, Team
from replication.selectors.moments import document_difference, setting_changes

if TYPE_CHECKING:
    from django.contrib.auth.models import User

PAGE_SIZE = 50
MOST_COUNTED = 10_000
"""Beyond this nobody counts: "10,000+" answers at once, whatever the table holds."""

_SLUICE = "Sluice"


@dataclass(frozen=True)
class TimelineFilters:
    """What to show; an empty field shows all.

    `table` is `source/schema/table`; `kind` is what a kind begins with (`review`) or a whole one (`review.voided`);
    `since` is the first moment and `until` the first one after.
    """

    environment: str = ""
    team: str = ""
    kind: str = ""
    person: str = ""
    table: str = ""
    since: datetime | None = None
    until: datetime | None = None


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
    rows = timeline_events(filters)
    if before is not None:
        rows = rows.filter(Q(at__lt=before.at) | Q(id__lt=before.id), at__lte=before.at)
    found = list(with_what_they_name(rows)[: size + 1])
    page = found[:size]
    return TimelinePage(page, Moment(page[-1].at, page[-1].pk) if len(found) > size else None)


def timeline_count(filters: TimelineFilters) -> int:
    """How many events fit, counted up to one more than `MOST_COUNTED`."""
    return timeline_events(filters).order_by()[: MOST_COUNTED + 1].count()


def timeline_events(filters: TimelineFilters) -> QuerySet[AuditEvent]:
    """Every event that fits, newest first. What is named and does not exist fits nothing."""
    rows = AuditEvent.objects.order_by("-at", "-id")
    if filters.table:
        return _within(_narrowed_apart(rows.filter(_about_table(filters)), filters), filters)
    if filters.environment:
        rows = rows.filter(environment_id=_key(Environment, "name", filters.environment))
    if filters.team:
        rows = rows.filter(team_id=_key(Team, "slug", filters.team))
    if filters.kind:
        rows = rows.filter(**{"kind" if "." in filters.kind else "about": filters.kind})
    if filters.person:
        rows = rows.filter(actor_name=filters.person)
    return _within(rows, filters)


def _narrowed_apart(rows: QuerySet[AuditEvent], filters: TimelineFilters) -> QuerySet[AuditEvent]:
    """A table's events narrowed further, each by an expression that no index has.

    Else SQLite walks through all events of an environment, or of Sluice itself, to find the few of one table.
    """
    if filters.environment:
        rows = rows.alias(place=F("environment_id") + 0).filter(place=_key(Environment, "name", filters.environment))
    if filters.team:
        rows = rows.alias(owner=F("team_id") + 0).filter(owner=_key(Team, "slug", filters.team))
    if filters.kind:
        rows = rows.alias(what=Concat("kind" if "." in filters.kind else "about", Value(""))).filter(what=filters.kind)
    if filters.person:
        rows = rows.alias(who=Concat("actor_name", Value(""))).filter(who=filters.person)
    return rows


def _within(rows: QuerySet[AuditEvent], filters: TimelineFilters) -> QuerySet[AuditEvent]:
    if filters.since is not None:
        rows = rows.filter(at__gte=filters.since)
    if filters.until is not None:
        rows = rows.filter(at__lt=filters.until)
    return rows


def with_what_they_name(rows: QuerySet[AuditEvent]) -> QuerySet[AuditEvent]:
    """The events joined with what a line names, without the documents."""
    return rows.select_related("environment", "team", "change_request", "deployment").defer(
        "change_request__document", "deployment__plan", "deployment__record"
    )


def people_in_history() -> list[str]:
    """Everybody who may have acted, by name, and Sluice itself: whoever never acted finds nothing."""
    users: QuerySet[User] = get_user_model().objects.only("first_name", "last_name", "username")
    return sorted({user.get_full_name() or user.get_username() for user in users} | {_SLUICE})


def _key(model: type[Environment] | type[Team], column: str, name: str) -> Subquery:
    """The key as one value, not as a join: the database then reads the events' own index in the order of time."""
    return Subquery(model.objects.filter(**{column: name}).values("pk")[:1])


def _about_table(filters: TimelineFilters) -> Q:
    """Events of the table itself, and of the change requests that touched it, by its history; each by an index."""
    parts = filters.table.split("/")
    if len(parts) != len(("source", "schema", "table")):
        return Q(pk__in=[])
    rows = TableEntry.history.filter(source_slug=parts[0], schema_name=parts[1], table_name=parts[2])
    if filters.environment:
        rows = rows.filter(environment__name=filters.environment)
    numbers = set(rows.exclude(change_request_number=None).values_list("change_request_number", flat=True))
    return Q(table=filters.table) & ~Q(table="") | Q(change_request__in=numbers)


@dataclass(frozen=True)
class RevisionChange:
    """A revision beside the one before it: table by table, setting by setting, and file by file (path to text).

    `difference` is None for a revision of a base stack, which has no tables.
    """

    revision: Revision
    before: Revision | None
    difference: DocumentDifference | None
    settings: tuple[SettingChange, ...]
    files_before: dict[str, str]
    files_after: dict[str, str]


def revision_change(revision: Revision) -> RevisionChange:
    """What `revision` changed."""
    before = (
        Revision.objects.filter(environment=revision.environment, team=revision.team, number__lt=revision.number)
        .select_related("environment", "team")
        .order_by("-number")
        .first()
    )
    then = before.document if before is not None else None
    return RevisionChange(
        revision=revision,
        before=before,
        difference=document_difference(then, revision.document) if revision.team is not None else None,
        settings=setting_changes(then or {}, revision.document),
        files_before=revision_files(before) if before is not None else {},
        files_after=revision_files(revision),
    )


def revision_files(revision: Revision) -> dict[str, str]:
    """The files of a revision as git has them, but for the rendered template."""
    if revision.team is None:
        file = base_document_of(revision.document).environment
        return {environment_path(revision.environment.name): canonical_json(file)}
    config = TeamConfig(revision.team.slug, team_document_of(revision.document), Ledger.model_validate(revision.ledger))
    return dict(write_team(revision.environment.name, config))
