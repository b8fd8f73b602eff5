"""The checks that need the config only, beyond their examples."""

from dataclasses import replace

import pytest

from deploy_engine.checks import CATALOGUE, Case, Check
from deploy_engine.checks.catalogue.tables_literal import overmatched
from deploy_engine.checks.sample import (
    BARCODES,
    BRANDS,
    NOW,
    sample_case,
    sample_subject,
    sample_task,
    sample_team_file,
)
from deploy_engine.config import Subject, TableEntry, TeamConfig, TeamDocument, TeamFile
from deploy_engine.findings import Status
from deploy_engine.live import Observation
from deploy_engine.rendering import table_rules
from tests.engine.checks.running import found, messages

BARCODES_ENTRY = TableEntry(source=BARCODES[0], version=BARCODES[1])
VERSIONS = "versions.increasing"


def judged(subject: Subject) -> Case:
    """Without a rendering, which some of these configs do not have."""
    return Case(subject, None, None, Observation.offline(NOW), NOW)


def with_other_team(subject: Subject, document: TeamDocument) -> Subject:
    environment = subject.environment.with_team(TeamConfig("orders", document))
    return replace(subject, company=subject.company.with_environment(environment))


def at_version(version: str, ledger: dict[str, dict[str, str]] | None = None) -> Case:
    return judged(sample_subject({"foodsearch": sample_task(((BARCODES[0], version),))}, ledger=ledger))


@pytest.mark.parametrize("check", [check for check in CATALOGUE if not check.needs], ids=lambda check: check.id)
def test_config_checks__the_base_scope__has_nothing_of_a_team_to_find(check: Check) -> None:
    base = replace(sample_subject(), team_slug=None)

    assert found(check.id, judged(base)) == []


def test_references__a_source_of_another_team__is_named_with_its_owner() -> None:
    theirs = TeamDocument(team=sample_team_file("sluice/orders/fooddb"), tasks={})
    ours = TeamFile.model_validate({**sample_team_file().model_dump(by_alias=True), "sources": {}})

    said = messages("config.references", judged(with_other_team(sample_subject(team=ours), theirs)))

    assert said == ["the source fooddb belongs to the team orders"]


def test_references__a_source_id_that_another_team_has__is_refused() -> None:
    theirs = TeamDocument(team=sample_team_file("sluice/orders/fooddb"), tasks={})

    (finding,) = found("config.references", judged(with_other_team(sample_subject(), theirs)))

    assert (finding.pointer, "orders" in finding.message) == ("/sources/fooddb", True)


@pytest.mark.parametrize("tables", [(), (BARCODES_ENTRY.model_copy(update={"paused": True}),)], ids=["none", "paused"])
def test_references__no_active_table_in_a_task_that_should_run__is_a_warning(tables: tuple[TableEntry, ...]) -> None:
    task = sample_task().model_copy(update={"tables": tables})

    (finding,) = found("config.references", judged(sample_subject({"foodsearch": task})))

    assert finding.status is Status.WARNING
    assert finding.pointer == "/paused"


def test_secrets_own__catalogue_secret_of_another_team__is_found() -> None:
    plain = sample_team_file().model_dump(by_alias=True)
    plain["sources"]["fooddb"]["catalogue_secret"] = "sluice/foods/fooddb"

    (finding,) = found("secrets.own", judged(sample_subject(team=TeamFile.model_validate(plain))))

    assert finding.pointer == "/sources/fooddb/catalogue_secret"


def test_tables_literal__an_underscore_that_is_not_escaped__is_found_out() -> None:
    task = sample_task((("fooddb/s/user_id", BRANDS[1]), ("fooddb/s/userXid", BRANDS[1])))
    rules = table_rules(task)

    escaped = list(overmatched(task, rules, blind_to_case=False))
    unescaped = list(overmatched(task, [of_table.replace("[_]", "_") for of_table in rules], blind_to_case=False))

    assert escaped == []
    assert [(entry.source, other.source) for _, entry, other in unescaped] == [("fooddb/s/user_id", "fooddb/s/userXid")]


def test_tables_literal__postgresql__tells_case_apart() -> None:
    task = sample_task((("fooddb/s/Users", BRANDS[1]), ("fooddb/s/users", "v202605010000")))

    assert found("tables.literal", judged(sample_subject({"foodsearch": task}))) == []


def test_paths_unique__folders_that_differ_in_case_only__count_as_one() -> None:
    task = sample_task((("fooddb/s/Users", BRANDS[1]), ("fooddb/s/users", BRANDS[1])))

    assert len(found("paths.unique", judged(sample_subject({"foodsearch": task})))) == 2


def test_paths_unique__one_table_in_two_tasks_under_two_versions__is_a_reload_without_a_gap() -> None:
    tasks = {"foodsearch": sample_task((BARCODES,)), "second": sample_task(((BARCODES[0], BRANDS[1]),))}

    assert found("paths.unique", judged(sample_subject(tasks))) == []


def test_paths_unique__one_table_in_two_tasks_under_one_version__is_found_in_both() -> None:
    tasks = {"foodsearch": sample_task((BARCODES,)), "second": sample_task((BARCODES,))}

    files = {finding.file.rpartition("/")[2] for finding in found("paths.unique", judged(sample_subject(tasks)))}

    assert files == {"foodsearch.json", "second.json"}


@pytest.mark.parametrize(
    ("version", "ledger", "refused"),
    [
        ("v202605011200", {}, None),
        ("v202605011210", {}, None),
        ("v202605011211", {}, "ahead of the clock"),
        ("v202605011211", {"v202605011210": "active"}, None),
        ("v202605011212", {"v202605011210": "active"}, "ahead of the clock"),
        ("v202001010000", {"v202001010000": "active"}, None),
        ("v202001010000", {"v202001010000": "retired"}, "never returns"),
        ("v202001010001", {"v202001010000": "retired"}, None),
        ("v201912312359", {"v202001010000": "active"}, "not higher than v202001010000"),
        ("v202001010000", {"v202001010000": "active", "v202101010000": "active"}, None),
    ],
)
def test_versions_increasing__against_ledger_and_clock__only_goes_up(
    version: str, ledger: dict[str, str], refused: str | None
) -> None:
    said = messages(VERSIONS, at_version(version, {BARCODES[0]: ledger} if ledger else None))

    assert len(said) == (refused is not None)
    assert refused is None or refused in said[0]


def test_versions_increasing__what_the_finding_offers__is_accepted() -> None:
    ledger = {BARCODES[0]: {"v202605011230": "retired"}}
    (finding,) = found(VERSIONS, at_version("v202605011230", ledger))

    assert finding.remedy == "use v202605011231"
    assert found(VERSIONS, at_version("v202605011231", ledger)) == []


def test_versions_increasing__deployed_but_in_no_ledger__counts_too() -> None:
    below = sample_subject({"foodsearch": sample_task(((BARCODES[0], "v202001010000"),))})

    assert len(found(VERSIONS, sample_case(below, deployed=sample_subject()))) == 1
    assert found(VERSIONS, sample_case(sample_subject(), deployed=sample_subject())) == []


def test_versions_increasing__a_paused_table__may_keep_its_retired_version() -> None:
    paused = BARCODES_ENTRY.model_copy(update={"paused": True})
    task = sample_task().model_copy(update={"tables": (paused,)})
    ledger = {BARCODES[0]: {BARCODES[1]: "retired"}}

    assert found(VERSIONS, judged(sample_subject({"foodsearch": task}, ledger=ledger))) == []


def test_versions_increasing__the_ledger_of_another_team__counts_too() -> None:
    theirs = TeamDocument(team=sample_team_file(), tasks={})
    subject = with_other_team(sample_subject({"foodsearch": sample_task()}), theirs)
    orders = subject.environment.teams["orders"]
    ledger = sample_subject(ledger={BARCODES[0]: {BARCODES[1]: "retired"}}).team.ledger
    environment = subject.environment.with_team(replace(orders, ledger=ledger))

    found_there = found(VERSIONS, judged(replace(subject, company=subject.company.with_environment(environment))))

    assert len(found_there) == 1
