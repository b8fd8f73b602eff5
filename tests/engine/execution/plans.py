"""Templates and plans for tests: a team's tasks in a few words, planned over what the fake AWS holds."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from deploy_engine.diffing import MappedTable, compare_stacks, template_sha256
from deploy_engine.diffing.stacks import TASK, TaskDifference
from deploy_engine.planning import Flavour, Load, Plan, Resources, Step

STACK = "sluice-local-food"
LAKE, TEMPLATES = "acme-lake", "acme-templates"
Tasks = Mapping[str, Sequence[str]]
"""DMS task name -> tables, each ``schema.table@version``."""


def _rules(table: str) -> list[dict[str, Any]]:
    name, version = table.split("@")
    schema, plain = name.split(".")
    locator = {"schema-name": schema.replace("_", "[_]"), "table-name": plain.replace("_", "[_]")}
    folder = f"fooddb_{schema}_{plain}_{version}"
    return [
        {"rule-type": "selection", "rule-action": "include", "object-locator": locator},
        {
            "rule-type": "transformation",
            "rule-target": "table",
            "rule-action": "rename",
            "object-locator": locator,
            "value": folder,
        },
    ]


def mapping(tables: Sequence[str]) -> str:
    return json.dumps({"rules": [rule for table in tables for rule in _rules(table)]})


def template(tasks: Tasks) -> str:
    """A team's template with these tasks."""
    resources: dict[str, Any] = {
        "SourceFooddb": {"Type": "AWS::DMS::Endpoint", "Properties": {"EngineName": "postgres"}}
    }
    for name, tables in tasks.items():
        properties = {"ReplicationTaskIdentifier": name, "TableMappings": mapping(tables)}
        resources["Task" + name.replace("-", "X")] = {"Type": TASK, "Properties": properties}
    return json.dumps({"Resources": resources}, sort_keys=True)


def parsed(text: str | None) -> Mapping[str, Any] | None:
    return None if text is None else json.loads(text)


def _loads(name: str, tables: Sequence[MappedTable]) -> tuple[Load, ...]:
    return tuple(Load(name, table.identity, table.version, table.prefix) for table in tables)


def step_between(
    before: str | None, after: str, *, running: frozenset[str], ran: frozenset[str], stopped: frozenset[str]
) -> Step:
    """One step from template to template; ``running`` and ``ran`` are tasks now, ``stopped`` those paused."""
    difference = compare_stacks(parsed(before), json.loads(after))
    tasks = difference.tasks

    def touched(task: TaskDifference) -> bool:
        return task.existed and (task.modified or not task.wanted)

    pause = tuple(n for n, t in tasks.items() if n in running and (touched(t) or n in stopped or not t.wanted))
    kept = [name for name, task in tasks.items() if task.wanted and name not in stopped]
    resume = tuple(name for name in kept if name in ran and (name in pause or name not in running))
    start = tuple(name for name in kept if name not in ran)
    loads = [load for n in resume for load in _loads(n, tasks[n].added if tasks[n].existed else tasks[n].after)]
    loads += [load for name in start for load in _loads(name, tasks[name].after)]
    return Step(
        pause=pause,
        resume=resume,
        start=start,
        stay_stopped=tuple(n for n, t in tasks.items() if t.wanted and n in stopped and (touched(t) or n in pause)),
        tables_add=tuple(sorted(table.identity for task in tasks.values() for table in task.added)),
        tables_remove=tuple(sorted(table.identity for task in tasks.values() for table in task.removed)),
        resources=Resources(difference.added, difference.modified, difference.removed, difference.replaced),
        loads=tuple(loads),
        template=after,
        expected_tables=tuple(
            (name, tuple(sorted(".".join(table.key) for table in tasks[name].after))) for name in (*resume, *start)
        ),
    )


def plan_of(steps: Sequence[Step], deployed: str | None) -> Plan:
    """A plan of these steps over a deployed template."""
    flavours = {0: Flavour.NONE, 1: Flavour.SINGLE_STEP}
    plan = Plan(
        environment="local",
        stack=STACK,
        team="food",
        flavour=flavours.get(len(steps), Flavour.TWO_STEP),
        steps=tuple(steps),
        side_effects=(),
        not_affected="no other team is affected",
        deployed_sha256=template_sha256(parsed(deployed)),
        first_deployment=deployed is None,
        lake_bucket=LAKE,
        pause_estimate_seconds=180,
        fingerprint="",
        templates_bucket=TEMPLATES,
    )
    covered = json.dumps([plan.deployed_sha256, [[step.as_json(), step.template] for step in steps]])
    return replace(plan, fingerprint=hashlib.sha256(covered.encode()).hexdigest())
