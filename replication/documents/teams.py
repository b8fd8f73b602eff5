"""A team's setup, sources, instances, tasks, tables and ledger, as rows and as the config language's values."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from deploy_engine.config import (
    Instance,
    Ledger,
    Source,
    TableEntry,
    TaskFile,
    TeamConfig,
    TeamDocument,
    TeamFile,
)
from deploy_engine.config.physical_names import table_folder
from replication import models


def setup_values(file: TeamFile) -> dict[str, Any]:
    """The columns of a team's setup that its file decides."""
    return {"title": file.title, "contacts": list(file.contacts), "alert_channel": file.alert_channel}


def source_values(source: Source) -> dict[str, Any]:
    """The columns of a source."""
    return {
        "engine": source.engine.value,
        "database": source.database or "",
        "secret": source.secret,
        "catalogue_secret": source.catalogue_secret or "",
        "log_retention_hours": source.log_retention_hours,
        "loads_at_once": source.loads_at_once,
    }


def instance_values(instance: Instance) -> dict[str, Any]:
    """The columns of an instance."""
    return {
        "instance_class": instance.instance_class,
        "storage_gb": instance.storage_gb,
        "engine_version": instance.engine_version,
        "multi_az": instance.multi_az,
    }


def task_values(task: TaskFile) -> dict[str, Any]:
    """The columns of a task beside its source and instance."""
    settings = task.settings.model_dump(mode="json", exclude_defaults=True) if task.settings is not None else None
    return {"delivery": task.delivery.value, "paused": task.paused, "settings": settings}


def entry_values(entry: TableEntry) -> dict[str, Any]:
    """The columns of a table entry beside its task."""
    reference = entry.reference
    return {
        "source_slug": reference.source,
        "schema_name": reference.schema,
        "table_name": reference.table,
        "version": entry.version,
        "paused": entry.paused,
        "folder": table_folder(entry),
    }


def _source(row: models.Source) -> dict[str, Any]:
    return {
        "engine": row.engine,
        "database": row.database or None,
        "secret": row.secret,
        "catalogue_secret": row.catalogue_secret or None,
        "log_retention_hours": row.log_retention_hours,
        "loads_at_once": row.loads_at_once,
    }


def _instance(row: models.Instance) -> dict[str, Any]:
    return {
        "class": row.instance_class,
        "storage_gb": row.storage_gb,
        "engine_version": row.engine_version,
        "multi_az": row.multi_az,
    }


def _task(row: models.Task) -> dict[str, Any]:
    return {
        "source": row.source.slug,
        "instance": row.replication_instance.name,
        "delivery": row.delivery,
        "paused": row.paused,
        "settings": row.settings,
        "tables": [
            {"source": entry.identity, "version": entry.version, "paused": entry.paused} for entry in row.entries.all()
        ],
    }


def team_document_of_setup(setup: models.TeamSetup) -> TeamDocument:
    """The accepted document, from the rows, which `selectors.scopes.setup_with_parts` fetches all at once."""
    return TeamDocument.model_validate(
        {
            "team": {
                "title": setup.title,
                "contacts": setup.contacts,
                "alert_channel": setup.alert_channel,
                "sources": {row.slug: _source(row) for row in setup.sources.all()},
                "instances": {row.name: _instance(row) for row in setup.instances.all()},
            },
            "tasks": {row.name: _task(row) for row in setup.tasks.all()},
        }
    )


def ledger_of(setup: models.TeamSetup) -> Ledger:
    """The team's ledger in the environment, from the rows. Prefetch `ledger_entries`."""
    return ledger_of_rows((row.identity, row.version, row.state) for row in setup.ledger_entries.all())


def ledger_of_rows(rows: Iterable[tuple[str, str, str]]) -> Ledger:
    """A ledger from its rows' identity, version and state."""
    versions: dict[str, dict[str, str]] = {}
    for identity, version, state in rows:
        versions.setdefault(identity, {})[version] = state
    return Ledger.model_validate(versions)


def team_config_of_setup(setup: models.TeamSetup, document: TeamDocument | None = None) -> TeamConfig:
    """The team with its accepted document, or with `document` in its place where a change is judged."""
    return TeamConfig(setup.team.slug, document or team_document_of_setup(setup), ledger_of(setup))
