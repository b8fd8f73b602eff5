"""The credentials of assumed roles, held once for a whole process.

A deployment looks at AWS every two seconds and opens it afresh each time; its role is assumed once an hour for that.
Credentials are handed out while they last a quarter of an hour and more: enough for any pause that begins with them
(docs/reliability.md, fault 16). Where AWS takes them no longer, because they were revoked, they are forgotten.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Hashable
from datetime import UTC, datetime, timedelta

from botocore.credentials import CredentialProvider, DeferredRefreshableCredentials

LEAST_LEFT = timedelta(minutes=15)
REVOKED = frozenset(
    {
        "ExpiredToken",
        "ExpiredTokenException",
        "RequestExpired",
        "InvalidClientTokenId",
        "InvalidAccessKeyId",
        "UnrecognizedClientException",
        "InvalidToken",
    }
)
"""AWS's codes for credentials that hold no longer, whatever their expiry says."""

Metadata = dict[str, str]
"""Credentials as botocore refreshes them: access_key, secret_key, token, expiry_time (ISO 8601 with its zone)."""


class AssumedRoles:
    """Credentials by role and place. Of threads that want the same ones, one asks AWS and the others wait for it."""

    def __init__(self, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._now = now
        self._held: dict[Hashable, Metadata] = {}
        self._locks: defaultdict[Hashable, threading.RLock] = defaultdict(threading.RLock)

    def credentials(self, key: Hashable, assume: Callable[[], Metadata]) -> Metadata:
        """Those that are held for ``key``, or what ``assume`` gives; raises what it raises, and holds nothing then."""
        with self._locks[key]:
            held = self._held.get(key)
            if held is None or datetime.fromisoformat(held["expiry_time"]) - self._now() < LEAST_LEFT:
                held = self._held[key] = assume()
            return held

    def forget(self, key: Hashable) -> None:
        """Give these to nobody any more."""
        with self._locks[key]:
            self._held.pop(key, None)


ASSUMED = AssumedRoles()
"""This process's."""


class RoleCredentials(DeferredRefreshableCredentials):
    """Asked for at the first call; again, before the call, whenever less than a quarter of an hour is left."""

    _advisory_refresh_timeout = _mandatory_refresh_timeout = int(LEAST_LEFT.total_seconds())

    def forget(self) -> None:
        """Ask again at the next call."""
        self._frozen_credentials = None


class AssumedRole(CredentialProvider):
    """Hands botocore one session's credentials."""

    METHOD = "sluice-assume-role"

    def __init__(self, fetch: Callable[[], Metadata]) -> None:
        super().__init__()
        self.credentials = RoleCredentials(fetch, self.METHOD)

    def load(self) -> RoleCredentials:
        return self.credentials
