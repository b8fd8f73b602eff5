"""Checks over what runs and what it runs on: drift, identity of sources, limits, room."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from deploy_engine.checks import CouldNotRun, limits_of
from deploy_engine.checks.limits import INLINE_BYTES, LimitMeter
from deploy_engine.checks.sample import (
    BARCODES,
    BRANDS,
    TASK,
    sample_case,
    sample_subject,
    sample_task,
    sample_team_file,
)
from deploy_engine.config import Subject, TaskFile
from deploy_engine.findings import Finding, Status
from deploy_engine.live import InstanceRoom, TaskView, Unknown
from deploy_engine.rendering import render
from deploy_engine.rendering.thresholds import GIBIBYTE
from tests.engine.checks.running import found

DRIFT, IDENTITY, LIMITS, CAPACITY = "drift.none", "source.identity", "template.limits", "instance.capacity"
BOTH = sample_task((BARCODES, BRANDS))


def runs_as(task: TaskFile, wanted: TaskFile | None = None, **changes: object) -> list[Finding]:
    """What drift.none says when the sample is deployed, ``task`` runs and ``wanted`` is proposed."""
    case = sample_case(sample_subject({"foodsearch": wanted or sample_task()}), sample_subject())
    other = sample_case(deployed=sample_subject({"foodsearch": task})).observation.tasks
    assert not isinstance(other, Unknown)
    view = replace(other[TASK], **changes)  # type: ignore[arg-type]  # any of the view's fields
    return found(DRIFT, replace(case, observation=replace(case.observation, tasks={TASK: view})))


def test_drift__a_table_added_by_hand__is_named_with_its_folder() -> None:
    (finding,) = runs_as(BOTH)
    assert "food-foodsearch replicates foodsearch.brands into fooddb_foodsearch_brands_v202605011200" in finding.message
    assert finding.file.endswith("tasks/foodsearch.json")


def test_drift__a_table_renamed_by_hand__is_missed_and_found() -> None:
    findings = runs_as(sample_task(((BARCODES[0], "v202601010000"),)))
    assert [finding.message.split()[1:3] for finding in findings] == [["replicates", "foodsearch.barcodes"], [
        "does", "not"]]  # fmt: skip


def test_drift__what_the_change_wants_runs_already__is_drift_all_the_same_and_says_so() -> None:
    (finding,) = runs_as(BOTH, wanted=BOTH)
    assert finding.message.endswith("which nobody deployed, as this change wants it too")


def test_drift__settings_changed_by_hand__are_named() -> None:
    (finding,) = runs_as(sample_task(settings={"commit_rate": 500}))
    assert "runs with FullLoadSettings.CommitRate 500, and was deployed with 10000" in finding.message


@pytest.mark.parametrize("changes", [{"table_mappings": "{}"}, {"settings": "-"}], ids=["mappings", "settings"])
def test_drift__a_text_that_sluice_never_writes__is_found(changes: dict[str, Any]) -> None:
    (finding,) = runs_as(sample_task(), **changes)
    assert "that Sluice did not write" in finding.message


def test_drift__a_task_deleted_by_hand__is_found() -> None:
    (finding,) = found(DRIFT, sample_case(sample_subject(), sample_subject(), tasks={}))
    assert "DMS does not know it any more" in finding.message


def test_drift__mappings_that_were_not_asked__could_not_run() -> None:
    tasks = {TASK: TaskView(TASK, "arn", "running", ever_ran=True)}
    with pytest.raises(CouldNotRun, match="was not asked"):
        found(DRIFT, sample_case(sample_subject(), sample_subject(), tasks=tasks))


def identity(task: TaskFile, *, database: str = "food", ever_ran: bool = True) -> list[Finding]:
    file = sample_team_file()
    source = file.sources["fooddb"].model_copy(update={"database": database})
    wanted = sample_subject({"foodsearch": task}, file.model_copy(update={"sources": {"fooddb": source}}))
    case = sample_case(wanted, sample_subject())
    tasks = case.observation.tasks
    assert not isinstance(tasks, Unknown)
    ran = {name: replace(view, ever_ran=ever_ran, status="ready") for name, view in tasks.items()}
    return found(IDENTITY, replace(case, observation=replace(case.observation, tasks=tasks if ever_ran else ran)))


def test_source_identity__another_database_under_kept_tables__is_found() -> None:
    (finding,) = identity(sample_task(), database="restored")
    assert "another database under food-foodsearch" in finding.message
    assert (finding.found, finding.allowed) == ("restored", "food")


@pytest.mark.parametrize(
    ("task", "database", "ever_ran"),
    [
        (sample_task(), "food", True),
        (sample_task(), "restored", False),
        (sample_task(((BARCODES[0], "v202605011200"),)), "restored", True),
    ],
    ids=["same", "never-ran", "all-new-versions"],
)
def test_source_identity__nothing_is_kept_of_another_database__passes(
    task: TaskFile, database: str, ever_ran: bool
) -> None:
    assert identity(task, database=database, ever_ran=ever_ran) == []


def many_tables(count: int) -> Subject:
    tables = [(f"fooddb/foodsearch/table_{number}", "v202605011200") for number in range(count)]
    return sample_subject({"foodsearch": sample_task(tables)})


def meters(subject: Subject) -> dict[str, LimitMeter]:
    return {meter.label: meter for meter in limits_of(subject)}


@pytest.mark.parametrize("count", [1, 100, 1_000])
def test_limits_of__any_scope__measures_the_very_bytes_that_are_sent(count: int) -> None:
    subject = many_tables(count)
    rendered = render(subject)
    measured = meters(subject)
    assert measured["Template"].value == len(rendered.text.encode())
    assert bool(measured["Template"].note) == (len(rendered.text.encode()) > INLINE_BYTES)
    assert measured["Resources"].value == len(json.loads(rendered.text)["Resources"])
    mappings = rendered.template["Resources"]["TaskFoodsearch"]["Properties"]["TableMappings"]
    assert measured["Table mappings of food-foodsearch"].value == len(mappings.encode())


def test_template_limits__nearly_full__warns_before_it_is_too_late() -> None:
    size = meters(many_tables(1_000))["Template"].value / 1_000
    (finding,) = found(LIMITS, sample_case(many_tables(int(900_000 / size))))
    assert finding.status is Status.WARNING
    assert "nearly full" in finding.message


def loads(rooms: dict[str, InstanceRoom] | Unknown, task: TaskFile = BOTH) -> list[Finding]:
    return found(CAPACITY, sample_case(sample_subject({"foodsearch": task}), sample_subject(), rooms=rooms))


def test_capacity__little_memory__is_a_warning_at_the_instance() -> None:
    (finding,) = loads({"food-main": InstanceRoom(40 * GIBIBYTE, GIBIBYTE // 4)})
    assert (finding.status, finding.pointer) == (Status.WARNING, "/instances/main")
    assert "freeable memory: 0.2 GiB are left, and 0.4 GiB should be" in finding.message


@pytest.mark.parametrize("rooms", [{}, {"food-main": InstanceRoom()}], ids=["new", "no-datapoint"])
def test_capacity__nothing_measured_yet__is_no_warning(rooms: dict[str, InstanceRoom]) -> None:
    assert loads(rooms) == []


def test_capacity__cloudwatch_does_not_tell__warns_and_does_not_block() -> None:
    (finding,) = loads(Unknown("not authorized"))
    assert (finding.status, "not authorized" in finding.message) == (Status.WARNING, True)


def test_capacity__nothing_loads__nothing_is_said() -> None:
    assert loads(Unknown("not authorized"), sample_task()) == []


def test_capacity__more_loads_at_once_than_the_source_bears__is_a_warning_at_its_cap() -> None:
    (finding,) = loads({}, sample_task((BARCODES, BRANDS), settings={"max_full_load_sub_tasks": 9}))
    assert finding.pointer == "/sources/fooddb/loads_at_once"
    assert "9 loads at once, and 8 are what it should bear" in finding.message


def test_capacity__a_load_that_runs_already__counts_against_the_source_too() -> None:
    second = sample_task(((BARCODES[0], "v202605010900"),))
    wanted = sample_subject({"foodsearch": sample_task((BRANDS,)), "second": second})
    case = sample_case(wanted, sample_subject({"foodsearch": sample_task((BRANDS,))}), rooms={})
    assert found(CAPACITY, case) == []
    views = case.observation.tasks
    assert not isinstance(views, Unknown)
    loading = {TASK: replace(views[TASK], tables_loading=1)}
    (finding,) = found(CAPACITY, replace(case, observation=replace(case.observation, tasks=loading)))
    assert "fooddb may be read with 16 loads at once, 8 of which run already, and 8 are" in finding.message
