"""A database URL becomes Django's settings, or a refusal in words."""

from pathlib import Path

import pytest

from portal.databases import database_from_url


def test_database_from_url__sqlite__waits_for_the_lock_and_writes_ahead(tmp_path: Path) -> None:
    entry = database_from_url(f"sqlite:///{tmp_path}/deep/sluice.sqlite3")

    assert entry["NAME"] == tmp_path / "deep" / "sluice.sqlite3"
    assert entry["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert "journal_mode=WAL" in entry["OPTIONS"]["init_command"]
    assert (tmp_path / "deep").is_dir()


def test_database_from_url__postgresql__takes_every_part() -> None:
    entry = database_from_url("postgresql://sluice:p%40ss@db.example.com:5433/portal?sslmode=require")

    assert entry["ENGINE"] == "django.db.backends.postgresql"
    assert (entry["USER"], entry["PASSWORD"], entry["HOST"], entry["PORT"], entry["NAME"]) == (
        "sluice",
        "p@ss",
        "db.example.com",
        "5433",
        "portal",
    )
    assert entry["OPTIONS"] == {"sslmode": "require"}


@pytest.mark.parametrize("url", ["mysql://x/y", "", "sluice.sqlite3"])
def test_database_from_url__another_scheme__says_what_is_allowed(url: str) -> None:
    with pytest.raises(ValueError, match="must be sqlite:///"):
        database_from_url(url)
