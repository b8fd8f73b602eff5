"""``config.schema``: the JSON parses and fits the contract."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from deploy_engine.checks.case import Case
from deploy_engine.checks.check import Check, Example
from deploy_engine.config import TaskFile, parse_text
from deploy_engine.config.problems import CHECK as ID
from deploy_engine.findings import Finding, Status


def _run(_case: Case) -> Iterable[Finding]:
    """Nothing: a case holds a config that was parsed; what does not parse becomes findings of this id on reading."""
    return ()


def _read(**changes: Any) -> Iterable[Finding]:
    task = {"source": "fooddb", "instance": "main", "delivery": "10min", "paused": False, "tables": []}
    parsed = parse_text(TaskFile, json.dumps({**task, **changes}), "tasks/foodsearch.json")
    return parsed if isinstance(parsed, tuple) else ()


CHECK = Check(
    id=ID,
    title="The config is JSON that fits the language",
    severity=Status.FAILED,
    remedy="write what the finding says is allowed, at the place that it names",
    run=_run,
    good=Example('a task with "delivery": "10min"', _read),
    bad=Example('a task with "delivery": "5min"', lambda: _read(delivery="5min")),
)
