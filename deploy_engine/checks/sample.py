"""A small company for the examples of checks: one environment, the team ``food`` with one source, instance and task."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from deploy_engine.checks.case import Case
from deploy_engine.config import (
    Company,
    EnvironmentConfig,
    EnvironmentFile,
    Ledger,
    Subject,
    TaskFile,
    TeamConfig,
    TeamDocument,
    TeamFile,
)
from deploy_engine.config.physical_names import base_stack_name, team_stack_name
from deploy_engine.diffing import compare_stacks, task_consequences
from deploy_engine.live import (
    Observation,
    SourceCatalogue,
    SourceTable,
    StackView,
    TableKey,
    TableStatistics,
    TaskView,
)
from deploy_engine.rendering import render, render_base_stack

NOW = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
ENVIRONMENT = "local"
TASK = "food-foodsearch"
"""The DMS name of the sample's one task."""

BARCODES = ("fooddb/foodsearch/barcodes", "v202011191200")
BRANDS = ("fooddb/foodsearch/brands", "v202605011200")
_ACCOUNT = "123456789012"

Tables = Iterable[tuple[str, str]]


def sample_task(tables: Tables = (BARCODES,), **changes: Any) -> TaskFile:
    """The task ``foodsearch``; a table is (identity, version), ``changes`` are other keys of the task."""
    entries = [{"source": identity, "version": version} for identity, version in tables]
    task = {"source": "fooddb", "instance": "main", "delivery": "10min", "paused": False, "tables": entries}
    return TaskFile.model_validate({**task, **changes})


def sample_team_file(secret: str = "sluice/food/fooddb", engine: str = "postgres") -> TeamFile:  # noqa: S107 - a name
    source: dict[str, Any] = {"engine": engine, "secret": secret, "log_retention_hours": 72, "loads_at_once": 8}
    if engine == "postgres":
        source["database"] = "food"
    instance = {"class": "dms.t3.medium", "storage_gb": 50, "engine_version": "3.5.4", "multi_az": False}
    return TeamFile.model_validate(
        {
            "title": "Food",
            "contacts": ["food@example.com"],
            "alert_channel": "food@example.com",
            "sources": {"fooddb": source},
            "instances": {"main": instance},
        }
    )


def sample_subject(
    tasks: Mapping[str, TaskFile] | None = None,
    team: TeamFile | None = None,
    ledger: Mapping[str, Mapping[str, str]] | None = None,
) -> Subject:
    """The team ``food`` as the subject."""
    roles = {role: f"arn:aws:iam::{_ACCOUNT}:role/{role}" for role in ("planner", "deployer", "cloudformation")}
    environment = EnvironmentFile.model_validate(
        {
            "account": _ACCOUNT,
            "region": "eu-west-1",
            "lake_bucket": "sample-lake",
            "templates_bucket": "sample-templates",
            "network": {"vpc": "vpc-00000001", "subnets": ["subnet-00000001", "subnet-00000002"]},
            "roles": roles,
            "allowed_host_suffixes": [],
        }
    )
    document = TeamDocument(team=team or sample_team_file(), tasks=dict(tasks or {"foodsearch": sample_task()}))
    config = TeamConfig("food", document, Ledger.model_validate(ledger or {}))
    company = Company({ENVIRONMENT: EnvironmentConfig(ENVIRONMENT, environment, {"food": config})})
    return Subject(company, ENVIRONMENT, "food")


def sample_catalogue(*tables: tuple[str, str], key: TableKey = TableKey.PRIMARY, **settings: str) -> SourceCatalogue:
    """A PostgreSQL fit for change data capture that has these tables; ``settings`` replaces some of its own."""
    found = tuple(SourceTable(schema, name, key, 1_000, 81_920) for schema, name in tables)
    known = {"wal_level": "logical", "max_replication_slots": "10", "wal_sender_timeout": "60000"}
    return SourceCatalogue("postgres", found, {**known, **settings})


def running_task(template: Mapping[str, Any], logical_id: str) -> TaskView:
    """The task of a deployed template, running just as it was deployed."""
    deployed = template["Resources"][logical_id]["Properties"]
    name, mappings = deployed["ReplicationTaskIdentifier"], deployed["TableMappings"]
    settings = deployed["ReplicationTaskSettings"]
    return TaskView(name, f"arn:{name}", "running", ever_ran=True, table_mappings=mappings, settings=settings)


def sample_case(subject: Subject | None = None, deployed: Subject | None = None, **observed: Any) -> Case:
    """A case in which all is well: the base is deployed, and so is ``deployed``, whose tasks run and are loaded.

    ``observed`` replaces parts of the observation.
    """
    subject = subject or sample_subject()
    rendered = render(subject)
    template = render(deployed).template if deployed else None
    difference = compare_stacks(template, rendered.template)
    exports = {output["Export"]["Name"]: "" for output in render_base_stack(subject).template["Outputs"].values()}
    stack = StackView(team_stack_name(ENVIRONMENT, "food"), "CREATE_COMPLETE", template=template)
    existing = [task for task in difference.tasks.values() if task.existed]
    observation = Observation(
        at=NOW,
        stack=stack if deployed else None,
        base=StackView(base_stack_name(ENVIRONMENT), "CREATE_COMPLETE", exports=exports),
        tasks={task.name: running_task(template or {}, task.logical_id) for task in existing},
        statistics={
            task.name: tuple(TableStatistics(table.schema, table.table, "Table completed") for table in task.before)
            for task in existing
        },
    )
    observation = replace(observation, **observed)
    if isinstance(observation.tasks, Mapping):
        consequences = task_consequences(subject, difference, observation.tasks)
        loading = [table for task in consequences for table in task.loads]
        if "occupied" not in observed:
            observation = replace(observation, occupied={table.prefix: False for table in loading})
        if "sources" not in observed and loading:
            observation = replace(observation, sources={"fooddb": sample_catalogue(*(table.key for table in loading))})
    return Case(subject, rendered, difference, observation, NOW)
