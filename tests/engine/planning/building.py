"""Small companies and what AWS says of them, for planner tests: as short as a test's story needs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from deploy_engine.checks.case import Case
from deploy_engine.config import Company, EnvironmentConfig, EnvironmentFile, Subject, TeamConfig, TeamDocument
from deploy_engine.config.physical_names import dms_name
from deploy_engine.diffing import compare_stacks
from deploy_engine.live import Observation, StackView, TableStatistics, TaskView
from deploy_engine.planning import Plan, PlanRefused
from deploy_engine.rendering import render

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
ENVIRONMENT = EnvironmentFile.model_validate(
    {
        "account": "123456789012",
        "region": "eu-west-1",
        "lake_bucket": "acme-lake",
        "templates_bucket": "acme-templates",
        "network": {"vpc": "vpc-0a1b2c3d", "subnets": ["subnet-0a1b2c3d", "subnet-0a1b2c3e"]},
        "roles": {
            role: f"arn:aws:iam::123456789012:role/sluice-{role}" for role in ("planner", "deployer", "cloudformation")
        },
        "allowed_host_suffixes": [],
    }
)
TEAM: dict[str, Any] = {
    "title": "Food",
    "contacts": ["food@example.com"],
    "alert_channel": "food@example.com",
    "sources": {
        "fooddb": {
            "engine": "postgres",
            "database": "food",
            "secret": "sluice/food/fooddb",
            "log_retention_hours": 72,
            "loads_at_once": 8,
        },
        "archive": {
            "engine": "postgres",
            "database": "archive",
            "secret": "sluice/food/archive",
            "log_retention_hours": 72,
            "loads_at_once": 8,
        },
    },
    "instances": {
        "main": {"class": "dms.t3.medium", "storage_gb": 50, "engine_version": "3.5.4", "multi_az": False},
        "other": {"class": "dms.t3.medium", "storage_gb": 50, "engine_version": "3.5.4", "multi_az": False},
    },
}


def task(
    *tables: str, paused: bool = False, instance: str = "main", delivery: str = "1min", source: str = "fooddb"
) -> dict[str, object]:
    """A task with tables given as ``barcodes@v202011191200``, all in schema foodsearch; a paused one ends in ``!``."""
    entries = [
        {"source": f"{source}/foodsearch/{name}", "version": version.rstrip("!"), "paused": version.endswith("!")}
        for name, version in (table.split("@") for table in tables)
    ]
    return {"source": source, "instance": instance, "delivery": delivery, "paused": paused, "tables": entries}


def subject(instances: Mapping[str, Mapping[str, object]] | None = None, /, **tasks: Mapping[str, object]) -> Subject:
    """The team ``food`` with these tasks; ``instances`` changes keys of its instances."""
    changed = {name: {**TEAM["instances"][name], **keys} for name, keys in (instances or {}).items()}
    file = {**TEAM, "instances": {**TEAM["instances"], **changed}}
    document = TeamDocument.model_validate({"team": file, "tasks": tasks})
    team = TeamConfig("food", document)
    return Subject(Company({"local": EnvironmentConfig("local", ENVIRONMENT, {"food": team})}), "local", "food")


def running(*names: str, status: str = "running", ever_ran: bool = True) -> dict[str, TaskView]:
    """Live DMS tasks of team food, by DMS name."""
    views = (TaskView(dms_name("food", name), f"arn:{name}", status, ever_ran) for name in names)
    return {view.name: view for view in views}


def completed(*tables: str) -> tuple[TableStatistics, ...]:
    return tuple(TableStatistics("foodsearch", table, "Table completed") for table in tables)


def case(
    wanted: Subject,
    deployed: Subject | None,
    tasks: Mapping[str, TaskView],
    statistics: Mapping[str, tuple[TableStatistics, ...]] | None = None,
) -> Case:
    """What the planner is given when ``deployed`` runs as ``tasks`` and ``wanted`` is proposed."""
    rendered = render(wanted)
    template = None if deployed is None else render(deployed).template
    stack = None if deployed is None else StackView("sluice-local-food", "UPDATE_COMPLETE", template=template)
    observation = Observation(NOW, stack, None, tasks, statistics or {})
    return Case(wanted, rendered, compare_stacks(template, rendered.template), observation, NOW)


def planned(outcome: Plan | PlanRefused) -> Plan:
    assert isinstance(outcome, Plan), outcome
    return outcome


def refused(outcome: Plan | PlanRefused) -> PlanRefused:
    assert isinstance(outcome, PlanRefused), outcome
    return outcome
