"""The system's clock; the rest of the engine is handed its moments."""

from __future__ import annotations

from datetime import UTC, datetime


def system_now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)
