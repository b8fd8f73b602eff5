"""The checks that rest on what AWS says, beyond their examples."""

from dataclasses import replace
from typing import Any

import pytest

from deploy_engine.checks import Case, CouldNotRun
from deploy_engine.checks.catalogue.base_deployed import imports
from deploy_engine.checks.sample import (
    BARCODES,
    BRANDS,
    TASK,
    sample_case,
    sample_subject,
    sample_task,
    sample_team_file,
)
from deploy_engine.config import TaskFile
from deploy_engine.config.physical_names import base_stack_name, team_stack_name
from deploy_engine.findings import Status
from deploy_engine.live import LintProblem, StackView, TableStatistics, TaskView
from deploy_engine.rendering import render
from tests.engine.checks.running import found, messages

BOTH = sample_task((BARCODES, BRANDS))
NO_OVERWRITE, NOT_INTERRUPTED, CAN_RUN = "s3.no-overwrite", "load.not-interrupted", "reload.task-can-run"


def changed(before: TaskFile, after: TaskFile | None, **observed: Any) -> Case:
    """The task `foodsearch` as deployed and as wanted."""
    other = {"other": sample_task((("fooddb/other/t", BRANDS[1]),))}
    wanted = sample_subject({"foodsearch": after} if after else other)
    return sample_case(wanted, sample_subject({"foodsearch": before}), **observed)


def live(status: str, *, ever_ran: bool = True, **more: int) -> dict[str, TaskView]:
    return {TASK: TaskView(TASK, "arn", status, ever_ran, **more)}  # type: ignore[arg-type]


def statistics(**states: str) -> dict[str, tuple[TableStatistics, ...]]:
    return {TASK: tuple(TableStatistics("foodsearch", table, state) for table, state in states.items())}


def test_template_lint__a_warning_of_cfn_lint__is_a_warning() -> None:
    (finding,) = found("template.lint", sample_case(lint=(LintProblem("W1", "warning", "unusual"),)))

    assert finding.status is Status.WARNING


def test_template_lint__a_complaint_of_cloudformation__is_shown_in_its_words() -> None:
    assert "Template format error" in messages("template.lint", sample_case(validated="Template format error: x"))[0]


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (None, "is not deployed"),
        ("ROLLBACK_COMPLETE", "is not deployed"),
        ("UPDATE_IN_PROGRESS", "is not stable"),
        ("UPDATE_ROLLBACK_FAILED", "is not stable"),
        ("UPDATE_ROLLBACK_COMPLETE", None),
    ],
)
def test_base_deployed__a_status__decides(status: str | None, words: str | None) -> None:
    whole = sample_case().observation.base
    assert isinstance(whole, StackView)
    base = replace(whole, status=status) if status else None

    said = messages("base.deployed", sample_case(base=base))

    assert len(said) == (words is not None)
    assert words is None or (words in said[0] and base_stack_name("local") in said[0])


def test_base_deployed__the_base_scope_itself__needs_no_base() -> None:
    base = replace(sample_subject(), team_slug=None)

    assert found("base.deployed", replace(sample_case(base=None), subject=base)) == []


def test_imports__of_a_team_stack__are_the_three_kinds_that_it_uses() -> None:
    assert set(imports(render(sample_subject()).template)) == {
        "sluice-local-lake-10min",
        "sluice-local-security-group",
        "sluice-local-subnet-group",
    }


@pytest.mark.parametrize(
    ("status", "remedy"),
    [
        ("CREATE_COMPLETE", None),
        ("UPDATE_COMPLETE", None),
        ("UPDATE_ROLLBACK_COMPLETE", None),
        ("REVIEW_IN_PROGRESS", None),
        ("UPDATE_IN_PROGRESS", "wait"),
        ("DELETE_IN_PROGRESS", "wait"),
        ("ROLLBACK_COMPLETE", "the next deployment deletes it"),
        ("CREATE_FAILED", "the next deployment deletes it"),
        ("UPDATE_ROLLBACK_FAILED", "continue"),
        ("ROLLBACK_FAILED", "platform engineer"),
        ("DELETE_FAILED", "platform engineer"),
        ("SOMETHING_NEW", "platform engineer"),
    ],
)
def test_stack_stable__every_status__is_updatable_or_has_a_remedy(status: str, remedy: str | None) -> None:
    stack = StackView(team_stack_name("local", "food"), status, status_reason="why")

    findings = found("stack.stable", sample_case(stack=stack))

    assert len(findings) == (remedy is not None)
    assert remedy is None or (remedy in findings[0].remedy and findings[0].found == status)
    never_came_up = status in {"ROLLBACK_COMPLETE", "CREATE_FAILED"}
    assert [finding.status is Status.WARNING for finding in findings] == [never_came_up] * len(findings)


def test_no_overwrite__a_table_that_is_there_already__is_not_asked_about() -> None:
    assert found(NO_OVERWRITE, changed(sample_task(), sample_task(), occupied={})) == []


def test_no_overwrite__a_prefix_that_was_not_asked__could_not_run() -> None:
    with pytest.raises(CouldNotRun, match="was not asked"):
        found(NO_OVERWRITE, sample_case(occupied={}))


def test_no_overwrite__a_load_that_was_broken_off__would_run_into_its_own_remains() -> None:
    prefix = f"data/fooddb_foodsearch_barcodes_{BARCODES[1]}/"
    stopped = {"tasks": live("stopped"), "statistics": statistics(barcodes="Full load")}

    (finding,) = found(NO_OVERWRITE, changed(sample_task(), sample_task(), **stopped, occupied={prefix: True}))

    assert finding.pointer == "/tables/0"
    assert "new version" in finding.remedy


@pytest.mark.parametrize("state", ["Before load", "Full load", "Table is being reloaded", "Something new"])
@pytest.mark.parametrize("after", [BOTH, sample_task(paused=True), None], ids=["changed", "paused", "removed"])
def test_not_interrupted__a_load_in_a_task_that_would_be_stopped__is_found(state: str, after: TaskFile | None) -> None:
    case = changed(sample_task(), after, tasks=live("running"), statistics=statistics(barcodes=state))

    (finding,) = found(NOT_INTERRUPTED, case)

    assert state in finding.found
    assert "foodsearch.barcodes" in finding.message


def test_not_interrupted__a_load_in_a_task_that_runs_on__is_nobodys_business() -> None:
    case = changed(sample_task(), sample_task(), statistics=statistics(barcodes="Full load"))

    assert found(NOT_INTERRUPTED, case) == []


@pytest.mark.parametrize("state", ["Table completed", "Table error", "Table cancelled", "Table does not exist"])
def test_not_interrupted__settled_tables__may_be_stopped(state: str) -> None:
    assert found(NOT_INTERRUPTED, changed(sample_task(), BOTH, statistics=statistics(barcodes=state))) == []


def test_not_interrupted__dms_counts_a_load_that_no_table_shows__is_found_too() -> None:
    case = changed(sample_task(), BOTH, tasks=live("running", tables_queued=1), statistics=statistics())

    (finding,) = found(NOT_INTERRUPTED, case)

    assert "1 table(s)" in finding.message


def test_not_interrupted__statistics_that_were_not_asked__could_not_run() -> None:
    with pytest.raises(CouldNotRun, match="was not asked"):
        found(NOT_INTERRUPTED, changed(sample_task(), BOTH, statistics={}))


@pytest.mark.parametrize(
    ("key", "value", "word"),
    [("delivery", "1min", "delivery class"), ("instance", "other", "instance"), ("source", "otherdb", "source")],
)
def test_replacement_none__what_a_task_cannot_change_in_place__is_found_at_its_key(
    key: str, value: str, word: str
) -> None:
    (finding,) = found("replacement.none", changed(sample_task(), sample_task((BARCODES,), **{key: value})))

    assert finding.pointer == f"/{key}"
    assert f"the {word} of {TASK} cannot change" in finding.message


def test_replacement_none__another_engine_of_a_source__is_found() -> None:
    case = sample_case(sample_subject(team=sample_team_file(engine="mysql")), sample_subject())

    said = messages("replacement.none", case)

    assert said == ["CloudFormation would replace SourceFooddb (AWS::DMS::Endpoint), since its EngineName changes"]


def test_replacement_none__a_task_joins__may_replace_the_event_subscription() -> None:
    wanted = sample_subject({"foodsearch": sample_task(), "second": sample_task((BRANDS,))})
    case = sample_case(wanted, sample_subject())

    assert case.difference is not None
    assert case.difference.replaced == ("FailureEvents",)
    assert found("replacement.none", case) == []


def test_task_can_run__a_running_task_has_not_let_go__waits() -> None:
    known = statistics(barcodes="Table completed", brands="Table completed")

    (finding,) = found(CAN_RUN, changed(sample_task(), BOTH, statistics=known))

    assert "wait" in finding.remedy
    assert finding.pointer == "/tables/1"


@pytest.mark.parametrize(("ledger", "refused"), [({}, False), ({BRANDS[0]: {"v202001010000": "retired"}}, True)])
def test_task_can_run__a_paused_task_that_stays_so__takes_only_tables_that_it_never_had(
    ledger: dict[str, dict[str, str]], refused: bool
) -> None:
    after = sample_task((BARCODES, BRANDS), paused=True)
    wanted = sample_subject({"foodsearch": after}, ledger=ledger)
    deployed = sample_subject({"foodsearch": sample_task(paused=True)})

    case = sample_case(wanted, deployed, tasks=live("stopped"), statistics={})

    assert len(found(CAN_RUN, case)) == refused


def test_task_can_run__a_task_that_never_ran__remembers_nothing() -> None:
    case = changed(sample_task(), BOTH, tasks=live("ready", ever_ran=False), statistics={})

    assert found(CAN_RUN, case) == []


@pytest.mark.parametrize(("status", "refused"), [("running", False), ("stopped", False), ("failed", True)])
def test_task_can_run__a_version_changes__only_where_the_task_can_run_between_the_steps(
    status: str, refused: bool
) -> None:
    after = sample_task(((BARCODES[0], "v202605011200"), BRANDS))
    loaded = statistics(barcodes="Table completed", brands="Table completed")

    assert len(found(CAN_RUN, changed(BOTH, after, tasks=live(status), statistics=loaded))) == refused


@pytest.mark.parametrize("status", ["running", "stopped", "failed"])
def test_task_can_run__every_table_of_a_task_changes_version__it_is_created_anew(status: str) -> None:
    after = sample_task(((BARCODES[0], "v202605011200"),))
    loaded = statistics(barcodes="Table completed")

    assert found(CAN_RUN, changed(sample_task(), after, tasks=live(status), statistics=loaded)) == []
