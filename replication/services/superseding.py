"""The end of a reload without a gap: Sluice drafts the change that removes the older version, and tells the team.

Looked at whenever an environment has been observed, and driven by what stands there: a look that was missed costs
nothing, and a second one finds the draft that there is. Whoever wants to keep both versions closes the draft.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import transaction
from django.utils import timezone

from deploy_engine.config import TeamDocument
from replication.choices import OPEN_STATES, AuditKind
from replication.documents import team_document_of, team_document_of_setup
from replication.models import ChangeRequest, Environment, SupersededVersion, TableEntry, Team
from replication.selectors.scopes import setup_with_parts
from replication.selectors.superseded import Superseding, supersedings
from replication.services.audit import audit_write
from replication.services.change_requests import draft_open
from replication.services.checks import check_run_create
from replication.services.editing import record_edit
from replication.services.task_edit import tables_counted, with_tables

_LONGEST_LIST = 20


@transaction.atomic
def superseded_versions_draft(*, environment: Environment) -> list[ChangeRequest]:
    """A draft for each team some of whose newer versions have caught up; none where there is one, or was one."""
    if not _ready(environment):
        return []
    Environment.objects.select_for_update().get(pk=environment.pk)  # two observers draft one after the other
    by_team: dict[Team, list[Superseding]] = {}
    for pair in _ready(environment):
        by_team.setdefault(pair.newer.task.setup.team, []).append(pair)
    drafts = (_draft(environment, team, pairs) for team, pairs in by_team.items())
    return [draft for draft in drafts if draft is not None]


def _ready(environment: Environment) -> list[Superseding]:
    return [pair for pair in supersedings(environment) if not pair.waiting and pair.drafted is None]


def _draft(environment: Environment, team: Team, pairs: Sequence[Superseding]) -> ChangeRequest | None:
    setup = setup_with_parts(environment, team)
    standing = [pair for pair in pairs if not _proposed_already(environment, team, pair.older)]
    if setup is None or not standing:
        return None
    draft = draft_open(
        actor=None,
        environment=environment,
        team=team,
        title=_title(standing),
        description=_description(standing),
        document=_without(team_document_of_setup(setup), [pair.older for pair in standing]),
    )
    for pair in standing:
        _remember(draft, pair)
    versions = "version" if len(standing) == 1 else "versions"
    record_edit(actor=None, change_request=draft, sentence=f"removed {len(standing)} superseded {versions}")
    check_run_create(change_request=draft, actor=None)
    audit_write(
        actor=None,
        kind=AuditKind.VERSION_SUPERSEDED,
        change_request=draft,
        sentence=f"{_caught_up(standing)} Sluice drafted #{draft.number} to end what they supersede.",
        data={"tables": [pair.newer.identity for pair in standing]},
    )
    return draft


def _remember(draft: ChangeRequest, pair: Superseding) -> None:
    row = SupersededVersion(
        environment=draft.environment,
        identity=pair.newer.identity,
        version=pair.older.version,
        newer=pair.newer.version,
        change_request=draft,
        at=timezone.now(),
    )
    row.full_clean()
    row.save()


def _proposed_already(environment: Environment, team: Team, older: TableEntry) -> bool:
    """Whether somebody proposes to end the version by hand; as long as that is open, it is not drafted beside."""
    open_changes = ChangeRequest.objects.filter(environment=environment, team=team, state__in=OPEN_STATES)
    return any(
        (older.identity, older.version) not in _active_versions(team_document_of(change.document))
        for change in open_changes
    )


def _active_versions(document: TeamDocument) -> set[tuple[str, str]]:
    return {(entry.source, entry.version) for _, entry in document.entries if entry.active}


def _without(document: TeamDocument, gone: Iterable[TableEntry]) -> TeamDocument:
    """The document without these entries; a task that is left without any table goes too."""
    for older in gone:
        file = document.tasks[older.task.name]
        kept = [entry for entry in file.tables if (entry.source, entry.version) != (older.identity, older.version)]
        document = document.with_task(older.task.name, with_tables(file, kept) if kept else None)
    return document


def _title(pairs: Sequence[Superseding]) -> str:
    if len(pairs) > 1:
        return f"End {len(pairs)} versions that newer ones have superseded"
    [pair] = pairs
    return f"End {pair.older.table_name} {pair.older.version}: {pair.newer.version} has caught up"


def _caught_up(pairs: Sequence[Superseding]) -> str:
    if len(pairs) > 1:
        return f"{tables_counted(len(pairs))} have caught up under newer versions."
    return f"{pairs[0].newer.identity} has caught up as {pairs[0].newer.version}."


def _description(pairs: Sequence[Superseding]) -> str:
    lines = [
        f"- {pair.newer.identity}: {pair.newer.version} in {pair.newer.task.name} takes over from "
        f"{pair.older.version} in {pair.older.task.name}"
        for pair in pairs[:_LONGEST_LIST]
    ]
    if len(pairs) > _LONGEST_LIST:
        lines.append(f"- and {len(pairs) - _LONGEST_LIST} more")
    return "\n".join(
        [
            "A reload without a gap comes to its end: the newer versions are loaded and no later than their delivery "
            "class promises.",
            *lines,
            "Have the readers of the lake gone over to the new paths? Then submit this. What the older versions wrote "
            "stays in the lake. To keep both, close it: it is not drafted again.",
        ]
    )
