"""The database itself refuses to rewrite the record, and no two events follow the same one: SQLite and PostgreSQL."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from portal.demo.database import server
from portal.demo.place import LOOPBACK
from tests.local_aws.postgres import running
from tests.replication.keeping_the_record import EACH, THREADS

PROGRAM = "tests.replication.keeping_the_record"


def _run(database_url: str, folder: Path) -> dict[str, Any]:
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-m", PROGRAM],
        env={
            **{name: value for name, value in os.environ.items() if not name.startswith("SLUICE_")},
            "DJANGO_SETTINGS_MODULE": "portal.settings",
            "SLUICE_MODE": "demo",
            "SLUICE_DATABASE_URL": database_url,
            "SLUICE_VAR_DIRECTORY": str(folder),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def _assert_kept(answer: dict[str, Any], vendor: str) -> None:
    assert answer == {
        "vendor": vendor,
        "missing": [],
        "problems": [],
        "rows": [THREADS * EACH],
        "let_through": [],
        "events": THREADS * EACH,
        "read": [60, THREADS * EACH - 60, THREADS * EACH, 0, 0, THREADS * EACH],
        "neighbours": True,
        "altered": {"made": 1000, "found": 1000, "unaltered": [""] * 6},
        "missing_after": [],
    }


def test_record__on_sqlite__is_kept(tmp_path: Path) -> None:
    _assert_kept(_run(f"sqlite:///{tmp_path / 'sluice.sqlite3'}", tmp_path), "sqlite")


@pytest.mark.loopback
def test_record__on_postgresql__is_kept(tmp_path: Path) -> None:
    with running() as found:
        url = f"postgresql://{server.SUPERUSER}:{found.password}@{LOOPBACK}:{found.port}/postgres"
        _assert_kept(_run(url, tmp_path), "postgresql")
