"""Who may enter the demo's database, and the secrets by which the local AWS and the portal learn of it.

Passwords are made once per demo and lie in a file that only its owner reads; they never stand in a command line.
"""

import json
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from portal.demo.place import Place

HOST = "localhost"
DATABASE = "food"
SUPERUSER, REPLICATION, CATALOGUE = "postgres", "dms", "catalogue"
USERS = (SUPERUSER, REPLICATION, CATALOGUE)
SECRETS = {"sluice/food/fooddb": REPLICATION, "sluice/food/fooddb-catalogue": CATALOGUE}
"""Which secret of the example company holds whose password."""


@dataclass(frozen=True)
class Access:
    """Where the server listens, and each user's password."""

    port: int
    passwords: dict[str, str] = field(repr=False)

    def arguments(self, user: str, database: str = DATABASE) -> dict[str, Any]:
        """Return what `psycopg.connect` takes."""
        return {
            "host": HOST,
            "port": self.port,
            "dbname": database,
            "user": user,
            "password": self.passwords[user],
            "autocommit": True,
        }


def access(place: Place) -> Access:
    """Read the passwords of a place that has a database, or make them."""
    if place.database_port is None:
        raise ValueError("this place has no database")
    file = place.directory / "database-passwords.json"
    if not file.exists():
        _write(file, {user: secrets.token_urlsafe(24) for user in USERS})
    return Access(place.database_port, json.loads(file.read_text()))


def write_secrets(place: Place) -> None:
    """Write the file that the local AWS fills its Secrets Manager from."""
    entry = access(place)
    contents = {
        name: {"username": user, "password": entry.passwords[user], "host": HOST, "port": entry.port}
        for name, user in SECRETS.items()
    }
    _write(place.secrets_file, contents)


def _write(file: Path, content: dict[str, Any]) -> None:
    beside = file.with_suffix(".new")
    beside.touch(mode=0o600)
    beside.write_text(json.dumps(content))
    beside.replace(file)
