"""A real PostgreSQL as a source: its rows and changes arrive in the lake, and nothing comes twice or not at all."""

import csv
import gzip
import json
from pathlib import Path
from typing import Any

import psycopg
import pytest

from deploy_engine.local_aws import snapshot
from deploy_engine.local_aws.testing import LocalAws
from portal.demo.lake_snapshot import Snapshot, change_files, lake_snapshot, source_snapshot
from tests.local_aws.driving import keys, start, stop, tables, task
from tests.local_aws.postgres import Server
from tests.local_aws.templates import LAKE, SECRET, mappings

TABLE = """
    CREATE TABLE foodsearch.{table} (
        id int PRIMARY KEY, name varchar(200), organic boolean, label char(6), changed timestamptz, tags text[],
        notes text STORAGE EXTERNAL
    );
    INSERT INTO foodsearch.{table}
        SELECT n, 'item ' || n, n % 2 = 0, 'l' || n, '2026-01-01 10:00:00+02'::timestamptz, ARRAY['a', 'b c'], NULL
        FROM generate_series(1, 100) n
"""
Database = psycopg.Connection[Any]
FOLDER = "data/fooddb_foodsearch_{}_v202601010000/"
COLUMNS = ("id", "name", "organic", "label", "changed", "tags", "notes")


@pytest.fixture
def real(team: LocalAws, postgres: Server, food: Database) -> LocalAws:
    """The team's stack, its source's secret leading to a real database with two tables."""
    food.execute("CREATE SCHEMA foodsearch")
    for table in ("barcodes", "brands"):
        food.execute(TABLE.format(table=table))
    team.client("secretsmanager").put_secret_value(SecretId=SECRET, SecretString=json.dumps(postgres.secret()))
    return team


def _in_lake(aws: LocalAws, table: str) -> Snapshot:
    return lake_snapshot(aws.client("s3"), LAKE, FOLDER.format(table), COLUMNS, ("id",))


def _in_source(food: Database, table: str) -> Snapshot:
    return source_snapshot(food, "foodsearch", table, ("id",))


def _modify(aws: LocalAws, **members: str) -> None:
    aws.client("dms").modify_replication_task(ReplicationTaskArn=task(aws)["ReplicationTaskArn"], **members)
    aws.advance(5)


def test_load__real_table__its_rows_arrive_with_operation_and_time(real: LocalAws, food: Database) -> None:
    start(real, seconds=20)
    found = real.client("s3").get_object(Bucket=LAKE, Key=FOLDER.format("barcodes") + "LOAD00000001.csv.gz")
    lines = list(csv.reader(gzip.decompress(found["Body"].read()).decode().splitlines()))
    assert len(lines) == 100
    assert lines[0][0] == "I"
    assert lines[0][1].startswith("2026-01-05 08:0")
    assert lines[0][2:] == ["1", "item 1", "false", "l1    ", "2026-01-01 08:00:00+00", '{a,"b c"}', "NULL"]
    assert found["Metadata"] == {}
    assert tables(real)["barcodes"]["FullLoadRows"] == 100
    assert _in_lake(real, "barcodes") == _in_source(food, "barcodes")


def test_changes__of_every_kind__rebuild_the_table_and_are_counted(real: LocalAws, food: Database) -> None:
    food.execute("UPDATE foodsearch.barcodes SET notes = repeat('long ', 2000) WHERE id = 1")
    start(real, seconds=20)
    food.execute(
        "INSERT INTO foodsearch.barcodes (id, name) VALUES (101, 'it''s, \"quoted\"\nover two lines'), (102, '')"
    )
    food.execute("UPDATE foodsearch.barcodes SET organic = NULL WHERE id IN (1, 2)")
    food.execute("UPDATE foodsearch.barcodes SET id = 500 WHERE id = 3")
    food.execute("DELETE FROM foodsearch.barcodes WHERE id = 4")
    with pytest.raises(psycopg.errors.DivisionByZero), food.transaction():
        food.execute("DELETE FROM foodsearch.barcodes")
        food.execute("SELECT 1 / 0")
    real.advance(60)
    assert _in_lake(real, "barcodes") == _in_source(food, "barcodes")
    statistics = tables(real)["barcodes"]
    assert [statistics[name] for name in ("Inserts", "Updates", "Deletes")] == [2, 3, 1]
    assert [statistics[name] for name in ("AppliedInserts", "FullLoadRows")] == [2, 100]
    assert len(change_files(real.client("s3"), LAKE, FOLDER.format("barcodes"))) == 1
    assert tables(real)["brands"]["Inserts"] == 0


def test_changes__while_a_table_loads__are_neither_lost_nor_written_twice(real: LocalAws, food: Database) -> None:
    start(real, seconds=5)
    assert tables(real)["barcodes"]["TableState"] == "Full load"
    food.execute("INSERT INTO foodsearch.barcodes (id) VALUES (900)")
    food.execute("DELETE FROM foodsearch.barcodes WHERE id = 10")
    real.advance(20)
    food.execute("UPDATE foodsearch.barcodes SET name = 'later' WHERE id = 900")
    real.advance(60)
    assert _in_lake(real, "barcodes") == _in_source(food, "barcodes")
    statistics = tables(real)["barcodes"]
    assert [statistics[name] for name in ("Inserts", "Updates", "Deletes")] == [0, 1, 0]


def test_changes__while_the_task_is_stopped__arrive_after_it_resumes(real: LocalAws, food: Database) -> None:
    start(real, seconds=100)
    stop(real)
    food.execute("UPDATE foodsearch.barcodes SET name = upper(name)")
    real.advance(3600)
    assert change_files(real.client("s3"), LAKE, FOLDER.format("barcodes")) == []
    start(real, "resume-processing", seconds=100)
    assert _in_lake(real, "barcodes") == _in_source(food, "barcodes")
    assert tables(real)["barcodes"]["Updates"] == 100


def test_resume__table_added_and_one_removed__new_one_loads_then_streams_and_the_other_stops(
    real: LocalAws, food: Database
) -> None:
    _modify(real, TableMappings=mappings("barcodes"))
    start(real, seconds=100)
    stop(real)
    food.execute("INSERT INTO foodsearch.brands (id) VALUES (700)")
    _modify(real, TableMappings=mappings("brands"))
    start(real, "resume-processing", seconds=100)
    before = keys(real, FOLDER.format("barcodes"))
    food.execute("DELETE FROM foodsearch.brands WHERE id = 700")
    food.execute("DELETE FROM foodsearch.barcodes WHERE id = 7")
    real.advance(100)
    assert list(tables(real)) == ["brands"]
    assert _in_lake(real, "brands") == _in_source(food, "brands")
    assert keys(real, FOLDER.format("barcodes")) == before


def test_load__table_that_the_source_lacks__does_not_exist_while_the_others_stream(
    real: LocalAws, food: Database
) -> None:
    food.execute("DROP TABLE foodsearch.brands")
    assert start(real, seconds=100) == "running"
    assert tables(real)["brands"]["TableState"] == "Table does not exist"
    assert _in_lake(real, "barcodes") == _in_source(food, "barcodes")


def test_load__table_that_may_not_be_read__is_in_error_while_the_others_stream(
    real: LocalAws, food: Database, postgres: Server
) -> None:
    food.execute("CREATE ROLE reader LOGIN REPLICATION PASSWORD 'reader'")
    try:
        food.execute("GRANT USAGE ON SCHEMA foodsearch TO reader")
        food.execute("GRANT SELECT ON foodsearch.barcodes TO reader")
        secret = {**postgres.secret(), "username": "reader", "password": "reader"}
        real.client("secretsmanager").put_secret_value(SecretId=SECRET, SecretString=json.dumps(secret))
        assert start(real, seconds=100) == "running"
        states = {name: item["TableState"] for name, item in tables(real).items()}
        assert states == {"barcodes": "Table completed", "brands": "Table error"}
        assert "permission denied" in task(real)["LastFailureMessage"]
    finally:
        food.execute("DROP OWNED BY reader")
        food.execute("DROP ROLE reader")


def test_changes__column_added__is_appended(real: LocalAws, food: Database) -> None:
    start(real, seconds=100)
    food.execute("ALTER TABLE foodsearch.barcodes ADD COLUMN origin text")
    food.execute("INSERT INTO foodsearch.barcodes (id, origin) VALUES (300, 'Crete')")
    real.advance(60)
    rows = lake_snapshot(real.client("s3"), LAKE, FOLDER.format("barcodes"), (*COLUMNS, "origin"), ("id",))
    assert rows[("300",)][-1] == "Crete"
    assert rows[("1",)][-1] is None
    assert tables(real)["barcodes"]["Ddls"] == 1


def test_changes__table_without_key__only_inserts_arrive(real: LocalAws, food: Database) -> None:
    food.execute("ALTER TABLE foodsearch.barcodes DROP CONSTRAINT barcodes_pkey")
    start(real, seconds=100)
    food.execute("INSERT INTO foodsearch.barcodes (id) VALUES (300)")
    food.execute("UPDATE foodsearch.barcodes SET name = 'x'")
    food.execute("DELETE FROM foodsearch.barcodes WHERE id = 1")
    real.advance(60)
    statistics = tables(real)["barcodes"]
    assert [statistics[name] for name in ("Inserts", "Updates", "Deletes")] == [1, 0, 0]


def test_slot__task_deleted__is_dropped(real: LocalAws, food: Database) -> None:
    slots = "SELECT count(*) FROM pg_replication_slots WHERE database = 'food'"
    start(real, seconds=100)
    assert food.execute(slots).fetchone() == (1,)
    stop(real)
    assert food.execute(slots).fetchone() == (1,)
    real.client("dms").delete_replication_task(ReplicationTaskArn=task(real)["ReplicationTaskArn"])
    real.advance(10)
    assert food.execute(slots).fetchone() == (0,)


def test_slot__dropped_by_somebody__task_fails_and_says_so(real: LocalAws, food: Database) -> None:
    start(real, seconds=50)
    food.execute("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE database = 'food'")
    real.advance(60)
    assert task(real)["Status"] == "failed"
    assert "does not exist" in task(real)["LastFailureMessage"]


def test_source__away_for_a_while__task_runs_on_and_catches_up(
    real: LocalAws, food: Database, postgres: Server
) -> None:
    start(real, seconds=50)
    secrets = real.client("secretsmanager")
    secrets.put_secret_value(SecretId=SECRET, SecretString=json.dumps({**postgres.secret(), "port": 1}))
    food.execute("DELETE FROM foodsearch.barcodes WHERE id = 1")
    real.advance(60)
    assert task(real)["Status"] == "running"
    secrets.put_secret_value(SecretId=SECRET, SecretString=json.dumps(postgres.secret()))
    real.advance(60)
    assert _in_lake(real, "barcodes") == _in_source(food, "barcodes")


def test_source__away_at_the_first_start__connection_test_and_start_fail(real: LocalAws, postgres: Server) -> None:
    secret = json.dumps({**postgres.secret(), "password": "wrong"})
    real.client("secretsmanager").put_secret_value(SecretId=SECRET, SecretString=secret)
    assert start(real) == "failed"
    assert "Cannot connect to the source database" in task(real)["LastFailureMessage"]
    dms = real.client("dms")
    found = task(real)
    dms.test_connection(ReplicationInstanceArn=found["ReplicationInstanceArn"], EndpointArn=found["SourceEndpointArn"])
    real.advance(10)
    connection = dms.describe_connections(Filters=[{"Name": "endpoint-arn", "Values": [found["SourceEndpointArn"]]}])
    assert connection["Connections"][0]["Status"] == "failed"


def test_crash__after_changes_were_written_but_not_saved__nothing_is_lost_or_doubled(
    real: LocalAws, food: Database, tmp_path: Path
) -> None:
    real.world.keeps_state = True
    start(real, seconds=50)
    food.execute("INSERT INTO foodsearch.barcodes (id) VALUES (201)")
    real.advance(60)
    snapshot.save(real.world, tmp_path)
    food.execute("INSERT INTO foodsearch.barcodes (id) VALUES (202)")
    real.advance(60)
    assert len(change_files(real.client("s3"), LAKE, FOLDER.format("barcodes"))) == 2

    real.reset()
    assert snapshot.restore(real.world, tmp_path) == "the saved state was restored"

    assert task(real)["Status"] == "running"
    real.advance(60)
    assert _in_lake(real, "barcodes") == _in_source(food, "barcodes")
    assert tables(real)["barcodes"]["Inserts"] == 2
