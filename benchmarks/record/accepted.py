"""The rows that say what is accepted of a team: written at once and without their history, which is filled apart."""

from __future__ import annotations

from typing import Any

TASK = "foodsearch"


def team_accepted(environment: Any, team: Any, document: dict[str, Any], *, source: str) -> list[Any]:
    """Setup, source, instance, task and tables of one team; gives the rows of its tables."""
    from replication import models  # noqa: PLC0415 - needs Django
    from replication.documents import setup_values, team_document_of  # noqa: PLC0415 - as above

    setup = models.TeamSetup(environment=environment, team=team, **setup_values(team_document_of(document).team))
    database = models.Source(
        setup=setup,
        environment=environment,
        slug=source,
        engine="mysql",
        secret=f"sluice/{team.slug}/db",
        log_retention_hours=24,
        loads_at_once=4,
    )
    instance = models.Instance(
        setup=setup, name="main", instance_class="dms.t3.medium", storage_gb=50, engine_version="3.5.4"
    )
    task = models.Task(setup=setup, name=TASK, source=database, replication_instance=instance, delivery="10min")
    models.TeamSetup.objects.bulk_create([setup])
    models.Source.objects.bulk_create([database])
    models.Instance.objects.bulk_create([instance])
    models.Task.objects.bulk_create([task])
    entries = [_entry(environment, task, line) for line in document["tasks"][TASK]["tables"]]
    return models.TableEntry.objects.bulk_create(entries)


def _entry(environment: Any, task: Any, line: dict[str, str]) -> Any:
    from replication import models  # noqa: PLC0415 - needs Django

    source, schema, table = line["source"].split("/")
    return models.TableEntry(
        environment=environment,
        task=task,
        source_slug=source,
        schema_name=schema,
        table_name=table,
        version=line["version"],
        folder=f"{source}_{schema}_{table}_{line['version']}",
    )
