"""The base stack over which a change is proposed, and the tasks of all teams as they are found."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from typing import Any

from deploy_engine.checks.case import Case
from deploy_engine.config import Company, EnvironmentConfig, EnvironmentFile, Subject, TeamConfig
from deploy_engine.diffing import compare_stacks
from deploy_engine.live import Observation, StackView, TableStatistics, TaskView
from deploy_engine.rendering import render
from tests.engine.planning.building import ENVIRONMENT, NOW, completed, subject, task

BASE = "sluice-local-base"
Template = dict[str, Any]
Change = Callable[[Template], object]
MAPPING = '{"rules": []}'


def base(file: EnvironmentFile = ENVIRONMENT) -> Subject:
    """The base scope of an environment in which the teams food and shop are."""
    food = subject(search=task("barcodes@v202011191200")).team
    teams = {"food": food, "shop": TeamConfig("shop", food.document)}
    return Subject(Company({"local": EnvironmentConfig("local", file, teams)}), "local", None)


def live(**states: str) -> dict[str, TaskView]:
    """Tasks as they are found, by DMS name; ``_`` stands for the hyphen."""
    names = {name.replace("_", "-"): state for name, state in states.items()}
    return {name: TaskView(name, f"arn:{name}", state, True, table_mappings=MAPPING) for name, state in names.items()}


def changed(
    change: Change,
    tasks: Mapping[str, TaskView] | None = None,
    wanted: Subject | None = None,
    statistics: Mapping[str, tuple[TableStatistics, ...]] | None = None,
    imports: Mapping[str, tuple[str, ...]] | None = None,
) -> Case:
    """The base as it would be deployed over one that ``change`` made of today's."""
    wanted = wanted or base()
    rendered = render(wanted)
    deployed = copy.deepcopy(dict(render(base()).template))
    change(deployed)
    stack = StackView(BASE, "UPDATE_COMPLETE", template=deployed)
    known = statistics or {name: completed("barcodes") for name in tasks or {}}
    observation = Observation(NOW, stack, stack, tasks or {}, known, imports=imports or {})
    return Case(wanted, rendered, compare_stacks(deployed, rendered.template), observation, NOW)


def endpoint(template: Template) -> dict[str, Any]:
    settings: dict[str, Any] = template["Resources"]["LakeEndpoint1min"]["Properties"]["S3Settings"]
    return settings


def slower(template: Template) -> None:
    endpoint(template)["CdcMaxBatchInterval"] = 90
