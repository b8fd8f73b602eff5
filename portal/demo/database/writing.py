"""The application of team food: `python -m portal.demo.database.writing` fills an empty server, then keeps writing.

The address and the superuser's password come from the environment, as the server's do. What it writes is small and
steady: a few rows a second at most, new foods among them, which it takes away again later, so that nothing grows.
"""

import os
import random
import signal
import sys
import threading
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from portal.demo.database.access import CATALOGUE, DATABASE, REPLICATION, SUPERUSER, Access
from portal.demo.database.server import PASSWORD_VARIABLE

Database = psycopg.Connection[Any]
TABLES = Path(__file__).with_name("food.sql")
PORT_VARIABLE = "SLUICE_DEMO_DATABASE_PORT"
USER_PASSWORD_VARIABLES = {user: f"{PASSWORD_VARIABLE}_{user.upper()}" for user in (REPLICATION, CATALOGUE)}
PAUSE_SECONDS = 2.0
CONNECT_AGAIN_SECONDS = 0.2
FIRST_NEW = 100_000
"""From here on, a food is one that this program has added."""
MOST_NEW = 400


def main() -> int:
    """Fill and write until SIGTERM or SIGINT; wait for the server whenever it is away."""
    stopping = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopping.set())
    entry = Access(
        int(os.environ[PORT_VARIABLE]),
        {SUPERUSER: os.environ[PASSWORD_VARIABLE]}
        | {user: os.environ[variable] for user, variable in USER_PASSWORD_VARIABLES.items()},
    )
    while not stopping.is_set():
        try:
            prepare(entry)
            with psycopg.connect(**entry.arguments(SUPERUSER)) as database:
                chance = random.Random(_newest(database))  # noqa: S311 - invented data
                while not stopping.wait(PAUSE_SECONDS):
                    write(database, chance)
        except psycopg.OperationalError:
            stopping.wait(CONNECT_AGAIN_SECONDS)
    return 0


def prepare(entry: Access) -> None:
    """Create users, database and tables where they are missing."""
    with psycopg.connect(**entry.arguments(SUPERUSER, "postgres")) as cluster:
        for user, attributes in ((REPLICATION, "LOGIN REPLICATION"), (CATALOGUE, "LOGIN")):
            if _one(cluster, "SELECT 1 FROM pg_roles WHERE rolname = %s", user) is None:
                cluster.execute(
                    sql.SQL("CREATE ROLE {} {} PASSWORD {}").format(
                        sql.Identifier(user), sql.SQL(attributes), sql.Literal(entry.passwords[user])
                    )
                )
        if _one(cluster, "SELECT 1 FROM pg_database WHERE datname = %s", DATABASE) is None:
            cluster.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))
    with psycopg.connect(**entry.arguments(SUPERUSER)) as database:
        if _one(database, "SELECT to_regclass('foodsearch.foods')") is not None:
            return
        with database.transaction():
            database.execute(TABLES.read_bytes())
            for schema in ("foodsearch", "nutrition"):
                for user in (REPLICATION, CATALOGUE):
                    names = {"schema": sql.Identifier(schema), "user": sql.Identifier(user)}
                    for grant in (
                        "GRANT USAGE ON SCHEMA {schema} TO {user}",
                        "GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO {user}",
                        "ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT SELECT ON TABLES TO {user}",
                    ):
                        database.execute(sql.SQL(grant).format(**names))
        database.execute("ANALYZE")


def write(database: Database, chance: random.Random) -> None:
    """Do in one transaction what users and editors would have done in two seconds."""
    with database.transaction():
        food = max(_newest(database), FIRST_NEW) + 1
        if chance.random() < 0.4:
            add_food(database, chance, food)
        if food > FIRST_NEW + MOST_NEW and chance.random() < 0.5:
            database.execute(
                "DELETE FROM foodsearch.foods WHERE id = (SELECT min(id) FROM foodsearch.foods WHERE id > %s)",
                [FIRST_NEW],
            )
        database.execute(
            "UPDATE foodsearch.foods SET energy_kcal = %s, updated = now() WHERE id = %s",
            [round(chance.uniform(20, 900), 1), chance.randint(1, 3000)],
        )
        database.execute(
            "UPDATE nutrition.food_nutrients SET per_100g = %s, measured = current_date WHERE food = %s",
            [round(chance.uniform(0, 90), 3), chance.randint(1, 3000)],
        )
        if chance.random() < 0.2:
            database.execute(
                "UPDATE nutrition.recipes SET minutes = %s WHERE id = %s",
                [chance.randint(10, 90), chance.randint(1, 400)],
            )


def add_food(database: Database, chance: random.Random, food: int) -> None:
    """Add a food with a barcode, a name and a serving."""
    title = f"{chance.choice(('Roast', 'Mild', 'Spicy', 'Crisp'))} {chance.choice(('beans', 'rice', 'cheese', 'tea'))}"
    database.execute(
        "INSERT INTO foodsearch.foods (id, brand, category, title, organic, energy_kcal) "
        "VALUES (%s, %s, %s, %s, %s, %s)",
        [food, chance.randint(1, 300), chance.randint(1, 60), title, chance.random() < 0.3, chance.randint(20, 900)],
    )
    database.execute("INSERT INTO foodsearch.food_names VALUES (%s, 'en', %s)", [food, title])
    database.execute("INSERT INTO foodsearch.barcodes VALUES (%s, %s, false)", [f"{5_000_000_000_000 + food}", food])
    database.execute("INSERT INTO foodsearch.servings VALUES (%s, %s, 'g', 100)", [food, food])


def _newest(database: Database) -> int:
    return int(_one(database, "SELECT max(id) FROM foodsearch.foods") or 0)


def _one(database: Database, query: str, *values: str) -> Any:
    found = database.execute(query.encode(), values or None).fetchone()
    return None if found is None else found[0]


if __name__ == "__main__":
    sys.exit(main())
