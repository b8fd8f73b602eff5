"""Versions of a table: ``vYYYYMMDDHHMM`` in UTC, part of the S3 path; a higher one is a reload."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Annotated

from pydantic import AfterValidator

from deploy_engine.config.names import problem

SHAPE = r"v[0-9]{12}"
_SHAPE = re.compile(SHAPE)
REMEMBERED = 32_768
"""A company has far fewer versions than tables, and each is read again and again; ``strptime`` is slow."""

_FORMAT = "v%Y%m%d%H%M"
_ALLOWED = "v and twelve digits YYYYMMDDHHMM that are a moment in UTC, such as v202011191200"


@lru_cache(maxsize=REMEMBERED)
def version_time(version: str) -> datetime:
    """The moment that a version names, aware, in UTC; ``ValueError`` if it names none."""
    if not _SHAPE.fullmatch(version):
        raise ValueError(version)
    return datetime.strptime(version, _FORMAT).replace(tzinfo=UTC)


def check_version(text: str) -> str:
    try:
        version_time(text)
    except ValueError:
        raise problem(f"{text[:60]!r} is no version", _ALLOWED, f"use {_ALLOWED}") from None
    return text


def next_version(now: datetime, earlier: Iterable[str]) -> str:
    """The version for a (re)load at ``now``: its minute in UTC, but always higher than every earlier one."""
    candidate = now.astimezone(UTC).replace(second=0, microsecond=0)
    highest = max(earlier, default=None)
    if highest is not None and candidate <= version_time(highest):
        candidate = version_time(highest) + timedelta(minutes=1)
    return candidate.strftime(_FORMAT)


Version = Annotated[str, AfterValidator(check_version)]
