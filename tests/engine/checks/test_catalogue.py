"""Every check of the catalogue: its good example passes, its bad one is found, and nothing is missing."""

from pathlib import Path

import pytest

from deploy_engine import checks
from deploy_engine.checks import CATALOGUE, Check
from deploy_engine.checks.check import Part
from deploy_engine.checks.documentation import checks_page
from deploy_engine.findings import worst

ROOT = Path(__file__).resolve().parents[3]
CHECKS = pytest.mark.parametrize("check", CATALOGUE, ids=lambda check: check.id)
PROMISED = {
    "config.schema",
    "config.references",
    "tables.unique",
    "tables.literal",
    "paths.unique",
    "versions.increasing",
    "reload.task-can-run",
    "secrets.own",
    "template.lint",
    "base.deployed",
    "stack.stable",
    "s3.no-overwrite",
    "load.not-interrupted",
    "replacement.none",
    "source.identity",
    "template.limits",
    "drift.none",
    "instance.capacity",
    "source.tables",
}


@CHECKS
def test_check__good_example__finds_nothing(check: Check) -> None:
    assert list(check.good.findings()) == []


@CHECKS
def test_check__bad_example__is_found_with_place_and_remedy(check: Check) -> None:
    findings = list(check.bad.findings())

    assert findings
    assert {finding.check for finding in findings} == {check.id}
    assert worst([finding.status for finding in findings]) is check.severity
    assert all(finding.message and finding.file and finding.remedy for finding in findings)
    assert all(finding.pointer == "" or finding.pointer.startswith("/") for finding in findings)


@CHECKS
def test_check__its_words__are_there_and_read_as_sentences_without_a_full_stop(check: Check) -> None:
    for words in (check.title, check.remedy, check.good.words, check.bad.words):
        assert words == words.strip().rstrip(".")
    assert check.title[0].isupper()


@CHECKS
def test_check__reads_of_aws__go_with_what_it_needs(check: Check) -> None:
    answered_by_aws = check.asks_aws or Part.VALIDATED in check.needs

    assert bool(check.reads) == answered_by_aws
    assert all(operation.split(":")[1].startswith(("Describe", "Get", "List", "Validate")) for operation in check.reads)


def test_catalogue__every_file__is_listed_once() -> None:
    folder = Path(checks.__file__).parent / "catalogue"
    ids = [check.id for check in CATALOGUE]

    assert len(ids) == len(set(ids))
    assert {path.stem for path in folder.glob("*.py")} - {"__init__"} == {
        name.replace(".", "_").replace("-", "_") for name in ids
    }


def test_catalogue__promised_checks__are_there() -> None:
    assert {check.id for check in CATALOGUE} == PROMISED


def test_documentation__the_page__is_current() -> None:
    kept = (ROOT / "docs" / "checks.md").read_text(encoding="utf-8")

    assert kept == checks_page(), "renew it: python -m deploy_engine.checks > docs/checks.md"
