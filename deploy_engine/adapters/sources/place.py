"""What stands in a catalogue secret, in DMS's form: where the database is, and as whom to look into it."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from deploy_engine.errors import SourceUnreachable

CONNECT_SECONDS = 2
STATEMENT_SECONDS = 5
LISTING_SECONDS = 20
"""For a list of all tables, which nobody waits for but a worker; a MariaDB opens each table for it the first time."""

MOST_TABLES = 20_000
"""More are never listed: whoever has more adds them by a pasted list."""


def seconds_for(tables: Collection[tuple[str, str]] | None) -> int:
    """How long a statement may take that asks for some tables, or for all."""
    return LISTING_SECONDS if tables is None else STATEMENT_SECONDS


@dataclass(frozen=True)
class SecretContent:
    """``host`` and ``port`` are as the secret says them, unjudged; the password shows in no ``repr``."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)


@dataclass(frozen=True)
class Place:
    """Where to connect: ``address`` was judged, ``host`` is its name for TLS. ``encrypted``: never without TLS."""

    secret: SecretContent
    host: str
    address: str
    encrypted: bool


def read_secret(text: str) -> SecretContent:
    """The content of a secret; raises ``SourceUnreachable`` in words that hold nothing of it."""
    try:
        found: Any = json.loads(text)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise SourceUnreachable("its catalogue secret is no JSON object with host, port, username and password")
    lacking = [key for key in ("host", "port", "username", "password") if not found.get(key)]
    if lacking:
        raise SourceUnreachable(f"its catalogue secret lacks {', '.join(lacking)}")
    port = str(found["port"])
    if not (port.isascii() and port.isdecimal() and 0 < int(port[:6]) < 2**16):
        raise SourceUnreachable("its catalogue secret names a port that is none")
    host, user, password = (found[key] for key in ("host", "username", "password"))
    if not all(isinstance(value, str) and "\0" not in value for value in (host, user, password)):
        raise SourceUnreachable("host, username and password of its catalogue secret are not all plain texts")
    return SecretContent(host, int(port), user, password)
