"""``source.tables``: what a source may lack, what it may be set to, and that one that is away only warns."""

from __future__ import annotations

from dataclasses import replace

import pytest

from deploy_engine.checks import CATALOGUE
from deploy_engine.checks.cdc_settings import setting_problems
from deploy_engine.checks.sample import sample_case, sample_catalogue, sample_subject
from deploy_engine.findings import Status
from deploy_engine.live import SourceCatalogue, TableKind, Unknown
from tests.engine.checks.running import found, messages

CHECK = "source.tables"
BARCODES = ("foodsearch", "barcodes")
MYSQL = {"log_bin": "ON", "binlog_format": "ROW", "binlog_row_image": "FULL", "binlog_checksum": "NONE"}


def with_source(catalogue: SourceCatalogue | Unknown) -> list[str]:
    return messages(CHECK, sample_case(sources={"fooddb": catalogue}))


def test_source_tables__table_is_not_there__fails_at_its_entry() -> None:
    [finding] = found(CHECK, sample_case(sources={"fooddb": sample_catalogue(("foodsearch", "Barcodes"))}))
    assert finding.status is Status.FAILED
    assert finding.message.startswith("fooddb/foodsearch/barcodes does not exist at its source")
    assert (finding.file, finding.pointer) == ("environments/local/teams/food/tasks/foodsearch.json", "/tables/0")


@pytest.mark.parametrize(
    ("kind", "words"), [(TableKind.PARTITIONED, "is partitioned"), (TableKind.UNLOGGED, "is unlogged")]
)
def test_source_tables__not_an_ordinary_table__fails(kind: TableKind, words: str) -> None:
    catalogue = sample_catalogue(BARCODES)
    special = replace(catalogue, tables=tuple(replace(table, kind=kind) for table in catalogue.tables))
    [message] = with_source(special)
    assert words in message


def test_source_tables__source_is_away__warns_and_says_why() -> None:
    [finding] = found(CHECK, sample_case(sources={"fooddb": Unknown("no catalogue secret is named for it")}))
    assert finding.status is Status.WARNING
    assert finding.message == "fooddb was not looked into: no catalogue secret is named for it"
    assert finding.pointer == "/sources/fooddb"


def test_source_tables__nothing_loads__asks_for_nothing_and_says_nothing() -> None:
    assert found(CHECK, sample_case(deployed=sample_subject(), sources={})) == []


def test_source_tables__slots_are_all_taken__fails_where_a_task_starts_only() -> None:
    full = replace(sample_catalogue(BARCODES), slots_used=10)
    [message] = with_source(full)
    assert message.startswith("the setting max_replication_slots of fooddb is 10: every task keeps a replication slot")
    assert list(setting_problems(full, 0)) == []


def test_source_tables__offline__is_left_out() -> None:
    assert next(check for check in CATALOGUE if check.id == CHECK).asks_aws


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({}, []),
        ({"wal_level": "replica"}, ["wal_level"]),
        ({"wal_sender_timeout": "5000"}, ["wal_sender_timeout"]),
        ({"wal_sender_timeout": "0"}, []),
    ],
)
def test_setting_problems__postgresql__names_what_is_wrong(settings: dict[str, str], named: list[str]) -> None:
    fit = sample_catalogue()
    catalogue = replace(fit, settings={**fit.settings, **settings})
    assert [problem.setting for problem in setting_problems(catalogue, 1)] == named


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({}, []),
        ({"log_bin": "OFF"}, ["log_bin"]),
        ({"binlog_format": "MIXED"}, ["binlog_format"]),
        ({"binlog_row_image": "MINIMAL"}, ["binlog_row_image"]),
        ({"binlog_transaction_compression": "ON"}, ["binlog_transaction_compression"]),
        ({"log_bin_compress": "1"}, ["log_bin_compress"]),
        ({"binlog_checksum": "CRC32"}, ["binlog_checksum"]),
    ],
)
def test_setting_problems__mysql__names_what_is_wrong(changed: dict[str, str], named: list[str]) -> None:
    catalogue = SourceCatalogue("mariadb", settings={**MYSQL, **changed})
    assert [problem.setting for problem in setting_problems(catalogue)] == named


def test_setting_problems__mysql_tells_nothing__everything_it_rests_on_is_missing() -> None:
    problems = list(setting_problems(SourceCatalogue("mysql")))
    assert [problem.setting for problem in problems] == ["log_bin", "binlog_format", "binlog_row_image"]
    assert {problem.found for problem in problems} == {"not set"}
