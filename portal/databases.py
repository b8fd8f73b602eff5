"""From a database URL to Django's `DATABASES` entry: SQLite by default, PostgreSQL 15+ where it is named."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

SQLITE_BUSY_TIMEOUT_SECONDS = 20

# WAL lets pages be read while a deployment's journal is written. `synchronous` stays at SQLite's default, FULL: an
# intent that is journalled before an AWS call must survive a power cut.
SQLITE_PRAGMAS = "PRAGMA journal_mode=WAL; PRAGMA foreign_keys=ON;"


def database_from_url(url: str) -> dict[str, Any]:
    """Give Django's settings for `sqlite:///…` or `postgresql://…`; any other scheme is a `ValueError` in words."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return _sqlite(Path(unquote(parts.path.removeprefix("/"))))
    if parts.scheme in {"postgresql", "postgres"}:
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.removeprefix("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": parts.hostname or "",
            "PORT": str(parts.port or ""),
            "OPTIONS": dict(parse_qsl(parts.query)),
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
        }
    message = f"SLUICE_DATABASE_URL begins with {parts.scheme or 'nothing'!r}; it must be sqlite:///… or postgresql://…"
    raise ValueError(message)


def _sqlite(path: Path) -> dict[str, Any]:
    path.parent.mkdir(parents=True, exist_ok=True)  # SQLite makes the file, not its folder
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "OPTIONS": {
            # Every transaction takes the write lock at once: two that read first and write later would otherwise fail
            # with "database is locked" instead of waiting for each other.
            "transaction_mode": "IMMEDIATE",
            "timeout": SQLITE_BUSY_TIMEOUT_SECONDS,
            "init_command": SQLITE_PRAGMAS,
        },
    }
