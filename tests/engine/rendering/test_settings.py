"""Task settings: safe defaults, and only the few overrides."""

import json
from typing import Any

import pytest
from hypothesis import given

from deploy_engine.config import Delivery, TaskFile, TaskSettings
from deploy_engine.rendering import task_settings
from tests.engine.strategies import tasks


def settings(overrides: TaskSettings | None = None) -> dict[str, dict[str, Any]]:
    task = TaskFile(
        source="fooddb", instance="main", delivery=Delivery.ONE_MINUTE, paused=False, settings=overrides, tables=()
    )
    read: dict[str, dict[str, Any]] = json.loads(task_settings(task))
    return read


def test_task_settings__defaults__never_make_dms_delete_from_the_lake() -> None:
    defaults = settings()

    assert defaults["FullLoadSettings"]["TargetTablePrepMode"] == "DO_NOTHING"
    assert defaults["ChangeProcessingDdlHandlingPolicy"]["HandleSourceTableDropped"] is False
    assert defaults["ChangeProcessingDdlHandlingPolicy"]["HandleSourceTableTruncated"] is False
    assert defaults["TargetMetadata"]["BatchApplyEnabled"] is False


@given(tasks())
def test_task_settings__any_task__names_no_log_group_and_keeps_what_is_safe(task: TaskFile) -> None:
    text = task_settings(task)

    assert "CloudWatchLog" not in text
    assert '"TargetTablePrepMode":"DO_NOTHING"' in text
    assert "\n" not in text


@pytest.mark.parametrize(
    ("overrides", "section", "key", "value"),
    [
        (TaskSettings(max_full_load_sub_tasks=2), "FullLoadSettings", "MaxFullLoadSubTasks", 2),
        (TaskSettings(lob_max_size=64), "TargetMetadata", "LobMaxSize", 64),
        (TaskSettings(commit_rate=500), "FullLoadSettings", "CommitRate", 500),
        (TaskSettings(memory_limit_total=2048), "ChangeProcessingTuning", "MemoryLimitTotal", 2048),
    ],
)
def test_task_settings__an_override__changes_that_value_only(
    overrides: TaskSettings, section: str, key: str, value: int
) -> None:
    changed, defaults = settings(overrides), settings()

    assert changed[section][key] == value
    changed[section][key] = defaults[section][key]
    assert changed == defaults


def test_task_settings__a_logging_severity__is_set_for_every_component() -> None:
    components = settings(TaskSettings.model_validate({"logging_severity": "LOGGER_SEVERITY_DEBUG"}))["Logging"]

    assert components["EnableLogging"] is True
    assert {component["Severity"] for component in components["LogComponents"]} == {"LOGGER_SEVERITY_DEBUG"}
