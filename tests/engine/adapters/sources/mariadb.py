"""A real MariaDB for tests, where one is installed: bootstrapped into a folder of its own, listening on loopback."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pymysql
import pytest

from portal.demo.place import LOOPBACK, free_port
from tests.servers import serving

SCRIPTS = ("mysql_system_tables.sql", "mysql_performance_tables.sql", "mysql_system_tables_data.sql")
SMALL = ("--innodb-buffer-pool-size=8M", "--innodb-log-file-size=4M")


@dataclass(frozen=True)
class Installed:
    """The server's program, and the folder of the scripts that make its own tables."""

    program: Path
    scripts: Path


def installed() -> Installed | None:
    """What this machine has, or None."""
    found = next((path for name in ("mariadbd", "mysqld") if (path := shutil.which(name, path=_places()))), None)
    folder = next((path for path in map(Path, ("/usr/share/mariadb", "/usr/share/mysql")) if _scripted(path)), None)
    return Installed(Path(found), folder) if found is not None and folder is not None else None


@dataclass(frozen=True)
class MariaDb:
    """A running server, with a user who may do everything."""

    port: int
    password: str
    user: str = "admin"

    @contextmanager
    def connected(self) -> Iterator[pymysql.cursors.Cursor]:
        """A cursor that commits by itself."""
        with closing(self.connect()) as connection, connection.cursor() as cursor:
            yield cursor

    def connect(self) -> pymysql.Connection[Any]:
        """A connection; close it after use."""
        return pymysql.connect(
            host=LOOPBACK, port=self.port, user=self.user, password=self.password, autocommit=True, ssl_disabled=True
        )


@contextmanager
def running(found: Installed) -> Iterator[MariaDb]:
    """Run a server until the block ends."""
    folder = Path(tempfile.mkdtemp(prefix="sluice-mariadb-"))
    server = MariaDb(free_port(), secrets.token_hex(16))
    _bootstrap(found, folder)
    users = folder / "users.sql"
    grant = "GRANT ALL ON *.* TO admin@'%' WITH GRANT OPTION"
    users.write_text(f"CREATE USER admin@'%' IDENTIFIED BY '{server.password}';\n{grant};\n")
    process = subprocess.Popen(  # noqa: S603 - our own command line
        [
            *_command(found, folder),
            f"--port={server.port}",
            f"--bind-address={LOOPBACK}",
            f"--socket={folder / 'socket'}",
            f"--pid-file={folder / 'pid'}",
            f"--init-file={users}",
            "--skip-name-resolve",
            "--log-bin=binlog",
            "--server-id=1",
            "--binlog-format=ROW",
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    with serving(process, lambda: closing(server.connect()), not_yet=pymysql.Error, folder=folder):
        yield server


@pytest.fixture(scope="session")
def mariadb() -> Iterator[MariaDb]:
    """A MariaDB; only tests that are made for an installed one ask for it."""
    found = installed()
    assert found is not None
    with running(found) as server:
        yield server


def _command(found: Installed, folder: Path) -> list[str]:
    as_root = ["--user=root"] if os.geteuid() == 0 else []
    return [str(found.program), "--no-defaults", *as_root, f"--datadir={folder / 'data'}", *SMALL]


def _bootstrap(found: Installed, folder: Path) -> None:
    (folder / "data").mkdir()
    script = "CREATE DATABASE mysql;\nUSE mysql;\n" + "".join((found.scripts / name).read_text() for name in SCRIPTS)
    subprocess.run(  # noqa: S603 - our own command line
        [*_command(found, folder), "--bootstrap"],
        input=script.encode(),
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _places() -> str:
    """Servers lie where only root's path leads."""
    return os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/libexec", "/usr/local/sbin"])


def _scripted(folder: Path) -> bool:
    return all((folder / name).is_file() for name in SCRIPTS)
