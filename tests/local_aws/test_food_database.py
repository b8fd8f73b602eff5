"""The demo's real database: it has what the example company replicates, fills itself once, and is written to."""

import json
import random
import re
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from portal.demo.database import access, writing
from portal.demo.place import Place
from portal.demo.programs import EXAMPLE_COMPANY
from tests.local_aws.postgres import Server

CREATED = re.compile(r"^CREATE TABLE (\w+)\.(\w+)", re.MULTILINE)
WITHOUT_KEY = {("foodsearch", "search_queries")}


@pytest.fixture
def entry(postgres: Server) -> Iterator[access.Access]:
    """Access to the tests' server as the demo has it; what was made goes again."""
    passwords = {access.SUPERUSER: postgres.password, access.REPLICATION: "d", access.CATALOGUE: "c"}
    yield access.Access(postgres.port, passwords)
    with postgres.connect() as cluster:
        cluster.execute("DROP DATABASE IF EXISTS food WITH (FORCE)")
        for user in (access.REPLICATION, access.CATALOGUE):
            cluster.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(user)))


def _replicated() -> set[tuple[str, str]]:
    files = EXAMPLE_COMPANY.glob("environments/*/teams/food/tasks/*.json")
    sources = [entry["source"] for file in files for entry in json.loads(file.read_text())["tables"]]
    return {(source.split("/")[1], source.split("/")[2]) for source in sources}


def test_tables__of_the_example_company__are_all_there() -> None:
    created = set(CREATED.findall(writing.TABLES.read_text("utf-8")))
    assert _replicated() <= created
    assert len(created - _replicated()) > 8, "some that nobody replicates yet"


def test_prepare__twice__makes_the_database_once_and_both_users_may_read_it(entry: access.Access) -> None:
    writing.prepare(entry)
    writing.prepare(entry)
    for user in (access.REPLICATION, access.CATALOGUE):
        with psycopg.connect(**entry.arguments(user)) as database:
            assert database.execute("SELECT count(*) FROM foodsearch.foods").fetchone() == (3000,)
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                database.execute("DELETE FROM foodsearch.foods")
    with psycopg.connect(**entry.arguments(access.SUPERUSER)) as database:
        keyless = database.execute(
            "SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
            "WHERE c.relkind = 'r' AND n.nspname IN ('foodsearch', 'nutrition') "
            "AND NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary)"
        ).fetchall()
        assert set(keyless) == WITHOUT_KEY


def test_write__many_times__changes_rows_and_nothing_grows_for_ever(
    entry: access.Access, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "MOST_NEW", 5)
    writing.prepare(entry)
    with psycopg.connect(**entry.arguments(access.SUPERUSER)) as database:
        chance = random.Random(1)  # noqa: S311 - repeatable
        for _ in range(150):
            writing.write(database, chance)
        found = database.execute("SELECT count(*) FROM foodsearch.foods WHERE id > %s", [writing.FIRST_NEW]).fetchone()
        assert found is not None
        assert 0 < found[0] < 40


def test_secrets__written__only_their_owner_may_read_them(tmp_path: Path) -> None:
    place = Place(directory=tmp_path, web_port=1, aws_port=2, broker_port=3, database_port=4)
    access.write_secrets(place)
    first = json.loads(place.secrets_file.read_text())
    access.write_secrets(place)
    assert json.loads(place.secrets_file.read_text()) == first
    assert first["sluice/food/fooddb"]["username"] == "dms"
    assert {file.stat().st_mode & 0o777 for file in tmp_path.iterdir()} == {0o600}
    assert first["sluice/food/fooddb"]["password"] not in repr(access.access(place))
