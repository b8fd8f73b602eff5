"""Running the checks: what could not run blocks, offline leaves out what only AWS can tell."""

from collections.abc import Callable
from dataclasses import replace
from itertools import count
from typing import Any

import pytest

from deploy_engine.checks import CATALOGUE, Case, CheckResult, render_if_sound, run_checks
from deploy_engine.checks.check import UNSOUND
from deploy_engine.checks.sample import BARCODES, BRANDS, NOW, sample_case, sample_subject, sample_task
from deploy_engine.config import Subject
from deploy_engine.findings import Finding, Status
from deploy_engine.live import Observation, Unknown

SILENT = Unknown("AWS could not be reached: connection refused")


def timer() -> Callable[[], float]:
    """A clock on which half a second passes between two looks."""
    return (number / 2 for number in count()).__next__


def results(case: Case, *, offline: bool = False) -> dict[str, CheckResult]:
    return {result.check: result for result in run_checks(case, timer=timer(), offline=offline)}


def test_run_checks__all_is_well__every_check_passes_in_the_order_of_the_catalogue() -> None:
    ran = run_checks(sample_case(deployed=sample_subject()), timer=timer())

    assert [result.check for result in ran] == [check.id for check in CATALOGUE]
    assert {result.status for result in ran} == {Status.PASSED}
    assert not any(result.blocks for result in ran)
    assert {result.seconds for result in ran} == {0.5}


@pytest.mark.parametrize(
    ("part", "checks"),
    [
        ("stack", {"stack.stable", "drift.none", "source.identity"}),
        ("base", {"base.deployed"}),
        (
            "tasks",
            {
                "s3.no-overwrite",
                "load.not-interrupted",
                "reload.task-can-run",
                "drift.none",
                "source.identity",
                "replacement.none",
                "instance.capacity",
                "source.tables",
            },
        ),
        ("statistics", {"s3.no-overwrite", "load.not-interrupted", "reload.task-can-run"}),
        ("occupied", {"s3.no-overwrite"}),
        ("lint", {"template.lint"}),
        ("validated", {"template.lint"}),
    ],
)
def test_run_checks__a_part_is_unknown__the_checks_that_need_it_block_and_say_why(part: str, checks: set[str]) -> None:
    silent: dict[str, Any] = {part: SILENT}

    ran = results(sample_case(**silent))

    stopped = {check: result for check, result in ran.items() if result.could_not_run}
    assert stopped.keys() == checks
    for result in stopped.values():
        assert result.blocks
        assert result.reason == SILENT.reason
        (finding,) = result.findings
        assert finding.message == "this check could not run: AWS could not be reached: connection refused"
        assert "again" in finding.remedy


def test_run_checks__aws_says_nothing_at_all__checks_of_the_config_still_run() -> None:
    silent = Observation(NOW, SILENT, SILENT, SILENT, SILENT, SILENT)
    case = replace(sample_case(), difference=None, observation=silent)

    ran = results(case)

    assert {check.id for check in CATALOGUE if not check.asks_aws} == {
        check for check, result in ran.items() if not result.could_not_run
    }


def test_run_checks__deployed_template_cannot_be_compared__says_so() -> None:
    ran = results(replace(sample_case(), difference=None))

    assert "Sluice did not render it" in ran["replacement.none"].reason
    assert not ran["stack.stable"].could_not_run


def test_run_checks__offline__leaves_out_what_only_aws_can_tell() -> None:
    case = replace(sample_case(), difference=None, observation=Observation.offline(NOW))

    ran = results(case, offline=True)

    assert {"config.references", "paths.unique", "template.lint"} <= ran.keys()
    assert not {"base.deployed", "stack.stable", "s3.no-overwrite", "replacement.none"} & ran.keys()
    assert not any(result.blocks for result in ran.values())


def _unsound() -> Subject:
    return sample_subject({"foodsearch": sample_task(instance="big")})


def test_run_checks__a_config_that_cannot_be_rendered__only_its_own_checks_have_findings() -> None:
    rendered = render_if_sound(_unsound(), now=NOW)
    ran = results(Case(_unsound(), rendered, None, Observation.offline(NOW), NOW))

    assert rendered is None
    assert {check for check, result in ran.items() if result.findings} == {"config.references"}
    assert {result.reason for result in ran.values() if result.could_not_run} == {UNSOUND}
    assert ran["template.lint"].blocks


@pytest.mark.parametrize(
    "subject",
    [_unsound(), sample_subject({"foodsearch": sample_task((BARCODES, (BARCODES[0], BRANDS[1])))})],
    ids=["reference", "table-twice"],
)
def test_render_if_sound__no_right_rendering__gives_none(subject: Subject) -> None:
    assert render_if_sound(subject, now=NOW) is None


def test_render_if_sound__only_a_warning__renders() -> None:
    assert render_if_sound(sample_subject({"foodsearch": sample_task(())}), now=NOW) is not None


def test_check_result__as_json__is_the_inverse_of_from_json() -> None:
    finding = Finding("paths.unique", Status.FAILED, "message", "file", "/pointer", "remedy", "found", "allowed")
    result = CheckResult(
        "paths.unique", "Title", Status.FAILED, (finding,), could_not_run=True, seconds=0.5, reason="x"
    )

    assert CheckResult.from_json(result.as_json()) == result


def test_check_result__stored_without_a_reason__is_still_read() -> None:
    stored = CheckResult("paths.unique", "Title", Status.PASSED, ()).as_json()
    del stored["reason"]

    assert CheckResult.from_json(stored).reason == ""
