"""Catalogues of real servers: a PostgreSQL always, a MariaDB where one is installed; the run's end says which."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from deploy_engine.adapters.sources import mysql, postgres
from deploy_engine.adapters.sources.place import Place, SecretContent
from deploy_engine.errors import SourceUnreachable
from deploy_engine.live import SourceAsked, TableKey, TableKind
from tests.engine.adapters.sources.mariadb import MariaDb, installed
from tests.local_aws.postgres import Server

pytestmark = [pytest.mark.loopback, pytest.mark.xdist_group("source-servers")]
PASSWORD = "h-unt er2/ü"
FOOD = SourceAsked("fooddb", "postgres", "food", "sluice/food/fooddb-catalogue")
SHOP = SourceAsked("shop", "mariadb", None, "sluice/orders/shop-catalogue")
PRIMARY, IDENTITY, NONE = TableKey.PRIMARY, TableKey.IDENTITY, TableKey.NONE

POSTGRES_TABLES = """
    CREATE SCHEMA foodsearch;
    CREATE TABLE foodsearch.barcodes (id int PRIMARY KEY, code text);
    INSERT INTO foodsearch.barcodes SELECT n, 'code ' || n FROM generate_series(1, 5000) n;
    CREATE TABLE foodsearch."Odd Näme" (id int PRIMARY KEY);
    CREATE TABLE foodsearch.no_key (id int);
    CREATE TABLE foodsearch.nothing (id int PRIMARY KEY);
    ALTER TABLE foodsearch.nothing REPLICA IDENTITY NOTHING;
    CREATE TABLE foodsearch.whole_row (id int);
    ALTER TABLE foodsearch.whole_row REPLICA IDENTITY FULL;
    CREATE TABLE foodsearch.by_index (id int NOT NULL);
    CREATE UNIQUE INDEX by_id ON foodsearch.by_index (id);
    ALTER TABLE foodsearch.by_index REPLICA IDENTITY USING INDEX by_id;
    CREATE UNLOGGED TABLE foodsearch.scratch (id int PRIMARY KEY);
    CREATE TABLE foodsearch.measured (id int, day date, PRIMARY KEY (id, day)) PARTITION BY RANGE (day);
    CREATE TABLE foodsearch.measured_2026 PARTITION OF foodsearch.measured
        FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
    CREATE VIEW foodsearch.seen AS SELECT 1;
    ANALYZE foodsearch.barcodes
"""


@pytest.fixture
def catalogue_user(food: psycopg.Connection[Any]) -> str:
    food.execute(f"DROP ROLE IF EXISTS looker; CREATE ROLE looker LOGIN PASSWORD '{PASSWORD}'")
    return "looker"


def at(port: int, user: str, password: str = PASSWORD, *, encrypted: bool = False) -> Place:
    return Place(SecretContent("localhost", port, user, password), "localhost", "127.0.0.1", encrypted=encrypted)


def test_postgres__every_kind_of_table__is_told_with_key_size_and_obstacle(
    server: Server, food: psycopg.Connection[Any], catalogue_user: str
) -> None:
    food.execute(POSTGRES_TABLES.encode())
    found = postgres.read(at(server.port, catalogue_user), FOOD, None)
    assert {table.name: table.key for table in found.tables} == {
        "Odd Näme": PRIMARY,
        "barcodes": PRIMARY,
        "by_index": IDENTITY,
        "measured": PRIMARY,
        "measured_2026": PRIMARY,
        "no_key": NONE,
        "nothing": NONE,
        "scratch": PRIMARY,
        "whole_row": IDENTITY,
    }
    assert [table.name for table in found.tables if table.obstacle] == ["measured", "no_key", "nothing", "scratch"]
    assert found.by_name["foodsearch", "measured"].kind is TableKind.PARTITIONED
    barcodes = found.by_name["foodsearch", "barcodes"]
    assert barcodes.rows == 5000
    assert barcodes.bytes is not None
    assert 100_000 < barcodes.bytes < 1_000_000
    assert found.by_name["foodsearch", "no_key"].rows is None, "what was never analysed has no estimate"
    assert found.settings["wal_level"] == "logical"
    assert int(found.settings["max_replication_slots"]) == 50
    assert found.slots_used == 0
    assert found.complete


def test_postgres__some_tables_asked__those_that_exist_answer(
    server: Server, food: psycopg.Connection[Any], catalogue_user: str
) -> None:
    food.execute(POSTGRES_TABLES.encode())
    hostile = ("foodsearch", "x'); DROP TABLE foodsearch.barcodes; --")
    wanted = [("foodsearch", "barcodes"), ("foodsearch", "gone"), ("barcodes", "foodsearch"), hostile]
    found = postgres.read(at(server.port, catalogue_user), FOOD, wanted)
    assert [(table.schema, table.name) for table in found.tables] == [("foodsearch", "barcodes")]
    assert postgres.read(at(server.port, catalogue_user), FOOD, []).tables == ()


def test_postgres__a_table_locked_by_a_migration__is_not_waited_for(
    server: Server, food: psycopg.Connection[Any], catalogue_user: str
) -> None:
    food.execute(POSTGRES_TABLES.encode())
    with server.connect("food") as other, other.transaction():
        other.execute("LOCK TABLE foodsearch.barcodes IN ACCESS EXCLUSIVE MODE")
        assert postgres.read(at(server.port, catalogue_user), FOOD, None).by_name["foodsearch", "barcodes"]


@pytest.mark.usefixtures("food")
def test_postgres__cannot_be_looked_into__says_why_and_nothing_of_the_secret(
    server: Server, catalogue_user: str
) -> None:
    nobody_there = at(1, catalogue_user)
    no_database = SourceAsked("fooddb", "postgres", "gone", "s")
    for place, asked, words in (
        (at(server.port, catalogue_user, "wrong-Pa55"), FOOD, "does not accept the catalogue secret's user"),
        (at(server.port, catalogue_user), no_database, "without a database of the source's name"),
        (at(server.port, catalogue_user, encrypted=True), FOOD, "offers no TLS"),
        (nobody_there, FOOD, "refuses connections"),
    ):
        with pytest.raises(SourceUnreachable) as refused:
            postgres.read(place, asked, None)
        assert words in str(refused.value)
        assert_no_secret(refused.value, catalogue_user)


def assert_no_secret(error: SourceUnreachable, user: str) -> None:
    assert error.__cause__ is None
    assert error.__suppress_context__
    for secret in (PASSWORD, "wrong-Pa55", user):
        assert secret not in str(error)


@pytest.mark.parametrize("program", [installed()] if installed() else [], ids=["mariadb"] if installed() else [])
class TestMariaDb:
    """The same of a MariaDB."""

    def test_mysql__tables_keys_and_settings__are_told(self, program: object, mariadb: MariaDb) -> None:
        shop(mariadb)
        found = mysql.read(at(mariadb.port, "looker"), SHOP, None)
        assert [(table.schema, table.name, table.key) for table in found.tables] == [
            ("shop", "Carts", PRIMARY),
            ("shop", "orders", PRIMARY),
            ("shop", "visits", NONE),
        ]
        orders = found.by_name["shop", "orders"]
        assert orders.rows == pytest.approx(2000, rel=0.2)
        assert (orders.bytes or 0) >= 16_384
        assert found.settings["log_bin"] == "ON"
        assert found.settings["binlog_format"] == "ROW"
        assert found.settings["binlog_row_image"] == "FULL"

    def test_mysql__some_tables_asked__those_that_exist_answer(self, program: object, mariadb: MariaDb) -> None:
        shop(mariadb)
        hostile = ("shop", "x'), ('shop', 'visits') OR 1=1; -- \\")
        wanted = [("shop", "orders"), ("shop", "CARTS"), ("shop", "gone"), hostile]
        found = mysql.read(at(mariadb.port, "looker"), SHOP, wanted)
        assert [table.name for table in found.tables] == ["orders"]
        assert mysql.read(at(mariadb.port, "looker"), SHOP, []).tables == ()

    def test_mysql__cannot_be_looked_into__says_why_and_nothing_of_the_secret(
        self, program: object, mariadb: MariaDb
    ) -> None:
        shop(mariadb)
        for place, words in (
            (at(mariadb.port, "looker", "wrong-Pa55"), "does not accept the catalogue secret's user"),
            (at(mariadb.port, "looker", encrypted=True), "offers no TLS"),
            (at(1, "looker"), "refuses connections"),
        ):
            with pytest.raises(SourceUnreachable) as refused:
                mysql.read(place, SHOP, None)
            assert words in str(refused.value)
            assert_no_secret(refused.value, "looker")


def shop(server: MariaDb) -> None:
    """A database with two tables that can be replicated, one that cannot, and a view; and who may look."""
    with server.connected() as cursor:
        cursor.execute("DROP DATABASE IF EXISTS shop")
        cursor.execute("CREATE DATABASE shop")
        cursor.execute("CREATE TABLE shop.orders (id int PRIMARY KEY, paid decimal(9, 2))")
        cursor.execute("INSERT INTO shop.orders SELECT seq, seq / 7 FROM shop.seq_1_to_2000")
        cursor.execute("CREATE TABLE shop.Carts (id int PRIMARY KEY)")
        cursor.execute("CREATE TABLE shop.visits (at datetime, page text)")
        cursor.execute("CREATE VIEW shop.big AS SELECT * FROM shop.orders WHERE paid > 100")
        cursor.execute("ANALYZE TABLE shop.orders")
        cursor.execute("CREATE OR REPLACE USER looker@'%%' IDENTIFIED BY %s", [PASSWORD])
        cursor.execute("GRANT SELECT, REPLICATION CLIENT ON *.* TO looker@'%'")
