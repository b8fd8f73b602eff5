"""Accepting a document: the rows, the ledger and the revision follow it, with as few changes as the document has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from deploy_engine.config import BaseDocument, Document, Ledger, TeamDocument, document_to_json
from deploy_engine.diffing import changed_places
from replication import models
from replication.documents import (
    document_hash,
    entry_values,
    environment_values,
    instance_values,
    ledger_of,
    setup_values,
    source_values,
    task_values,
)
from replication.models import ChangeRequest, Environment, Revision, Team, TeamSetup
from replication.selectors.scopes import latest_revision, setup_with_parts
from replication.services.actors import actor_name
from replication.services.rows import row_change, row_delete, row_save

if TYPE_CHECKING:
    from django.contrib.auth.models import User


@dataclass(frozen=True)
class Acceptance:
    """Who accepts, why, and for which change request: what every row's history will say."""

    actor: User | None
    reason: str
    change_request: ChangeRequest | None = None

    def save(self, row: Any, values: dict[str, Any]) -> None:
        """Create the row with `values`, or change what differs."""
        if row.pk is not None:
            row_change(row, values, actor=self.actor, reason=self.reason, change_request=self.change_request)
            return
        for name, value in values.items():
            setattr(row, name, value)
        row_save(row, actor=self.actor, reason=self.reason, change_request=self.change_request)

    def delete(self, row: Any) -> None:
        """Delete the row; its history stays."""
        row_delete(row, actor=self.actor, reason=self.reason, change_request=self.change_request)


def base_document_accept(*, environment: Environment, document: BaseDocument, acceptance: Acceptance) -> Revision:
    """Make `document` the environment's accepted file."""
    acceptance.save(environment, environment_values(document.environment))
    return revision_create(environment=environment, team=None, document=document, ledger={}, acceptance=acceptance)


def team_document_accept(
    *, environment: Environment, team: Team, document: TeamDocument, acceptance: Acceptance
) -> Revision:
    """Make `document` what is accepted for the team: its setup, sources, instances, tasks, tables, and the ledger."""
    setup = setup_with_parts(environment, team) or TeamSetup(environment=environment, team=team)
    acceptance.save(setup, setup_values(document.team))
    _remove_gone_tables_and_tasks(setup, document, acceptance)
    _save_sources_and_instances(setup, document, acceptance)
    _save_tasks_and_tables(setup, document, acceptance)
    _remove_gone_sources_and_instances(setup, document, acceptance)
    ledger = ledger_of(setup).after(entry for _, entry in document.entries)
    ledger_accept(setup=setup, ledger=ledger, acceptance=acceptance)
    return revision_create(
        environment=environment,
        team=team,
        document=document,
        ledger=ledger.model_dump(mode="json"),
        acceptance=acceptance,
    )


def ledger_accept(*, setup: TeamSetup, ledger: Ledger, acceptance: Acceptance) -> None:
    """Make the ledger's rows say what `ledger` says; rows are added and retired, never removed."""
    rows = {(row.identity, row.version): row for row in models.LedgerEntry.objects.filter(setup=setup)}
    for identity, versions in ledger.root.items():
        for version, state in versions.items():
            row = rows.get((identity, version)) or models.LedgerEntry(setup=setup, identity=identity, version=version)
            acceptance.save(row, {"state": state.value})


def revision_create(
    *, environment: Environment, team: Team | None, document: Document, ledger: dict[str, Any], acceptance: Acceptance
) -> Revision:
    """The next revision of the scope."""
    before = latest_revision(environment, team)
    value = document_to_json(document)
    requester = acceptance.change_request.author if acceptance.change_request is not None else acceptance.actor
    revision = Revision(
        environment=environment,
        team=team,
        number=before.number + 1 if before is not None else 1,
        document=value,
        document_hash=document_hash(value),
        ledger=ledger,
        changed=changed_places(before.document, value) if before is not None else None,
        title=acceptance.change_request.title if acceptance.change_request is not None else acceptance.reason,
        change_request=acceptance.change_request,
        author=requester,
        author_name=actor_name(requester),
        created_at=timezone.now(),
    )
    revision.full_clean()
    revision.save()
    return revision


def _remove_gone_tables_and_tasks(setup: TeamSetup, document: TeamDocument, acceptance: Acceptance) -> None:
    """First, so that nothing new collides with what goes; a table that stays under a new version keeps its row."""
    for task in models.Task.objects.filter(setup=setup).prefetch_related("entries"):
        file = document.tasks.get(task.name)
        kept = {entry.source for entry in file.tables} if file is not None else set()
        for entry in task.entries.all():
            if entry.identity not in kept:
                acceptance.delete(entry)
        if file is None:
            acceptance.delete(task)


def _save_sources_and_instances(setup: TeamSetup, document: TeamDocument, acceptance: Acceptance) -> None:
    sources = {row.slug: row for row in models.Source.objects.filter(setup=setup)}
    for slug, source in document.team.sources.items():
        row = sources.get(slug) or models.Source(setup=setup, environment=setup.environment, slug=slug)
        acceptance.save(row, source_values(source))
    instances = {row.name: row for row in models.Instance.objects.filter(setup=setup)}
    for name, instance in document.team.instances.items():
        machine = instances.get(name) or models.Instance(setup=setup, name=name)
        acceptance.save(machine, instance_values(instance))


def _save_tasks_and_tables(setup: TeamSetup, document: TeamDocument, acceptance: Acceptance) -> None:
    sources = {row.slug: row for row in models.Source.objects.filter(setup=setup)}
    instances = {row.name: row for row in models.Instance.objects.filter(setup=setup)}
    tasks = {row.name: row for row in models.Task.objects.filter(setup=setup).prefetch_related("entries")}
    for name, file in document.tasks.items():
        task = tasks.get(name) or models.Task(setup=setup, name=name)
        values = {**task_values(file), "source": sources[file.source], "replication_instance": instances[file.instance]}
        acceptance.save(task, values)
        entries = {entry.identity: entry for entry in task.entries.all()}
        for table in file.tables:
            entry = entries.get(table.source) or models.TableEntry(environment=setup.environment, task=task)
            acceptance.save(entry, entry_values(table))


def _remove_gone_sources_and_instances(setup: TeamSetup, document: TeamDocument, acceptance: Acceptance) -> None:
    """Last, when no task points at them any more."""
    for source in models.Source.objects.filter(setup=setup).exclude(slug__in=document.team.sources):
        acceptance.delete(source)
    for instance in models.Instance.objects.filter(setup=setup).exclude(name__in=document.team.instances):
        acceptance.delete(instance)
