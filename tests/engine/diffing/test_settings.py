"""Settings by meaning: what Sluice set, whatever DMS adds and in whatever order."""

import json

import pytest

from deploy_engine.diffing.settings import ChangedSetting, changed_settings
from deploy_engine.local_aws.dms.task_settings import checked_settings
from deploy_engine.rendering import task_settings
from tests.engine.planning.building import subject, task

COMPONENTS = [{"Id": "TARGET_LOAD", "Severity": "DEBUG"}, {"Id": "SOURCE_UNLOAD", "Severity": "DEFAULT"}]


def text(**settings: object) -> str:
    return json.dumps(settings)


def test_changed_settings__what_dms_adds__is_no_change() -> None:
    was_set = text(Logging={"EnableLogging": True, "LogComponents": COMPONENTS})
    more = [{"Id": "SORTER", "Severity": "DEFAULT"}, *reversed(COMPONENTS)]
    runs = text(Logging={"EnableLogging": True, "LogComponents": more, "CloudWatchLogGroup": "x"}, TTSettings=None)
    assert changed_settings(was_set, runs) == ()


@pytest.mark.parametrize(
    ("runs", "changed"),
    [
        (text(Full={"Rate": 5}), ChangedSetting("Full.Rate", "10", "5")),
        (text(Full={}), ChangedSetting("Full.Rate", "10", "null")),
        (text(), ChangedSetting("Full", '{"Rate": 10}', "null")),
    ],
)
def test_changed_settings__another_value_or_none__is_named_by_its_path(runs: str, changed: ChangedSetting) -> None:
    assert changed_settings(text(Full={"Rate": 10}), runs) == (changed,)


def test_changed_settings__text_that_is_no_json__is_an_error() -> None:
    with pytest.raises(ValueError, match="Expecting value"):
        changed_settings(text(), "")


def test_changed_settings__our_defaults_as_the_local_aws_keeps_them__are_unchanged() -> None:
    rendered = task_settings(subject(search=task("barcodes@v202011191200")).team.document.tasks["search"])
    assert changed_settings(rendered, checked_settings(rendered)) == ()
