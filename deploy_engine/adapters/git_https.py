"""Connections for git over https that end with their use.

dulwich leaves the answer that it refused (a 401, say) open for the garbage collector, and with it the connection.
"""

from __future__ import annotations

from typing import Any

from dulwich.client import default_urllib3_manager
from dulwich.config import Config
from urllib3 import BaseHTTPResponse, PoolManager, ProxyManager


class _Remembers(PoolManager):
    """A pool that knows the answers that it gave, so that all of them can be ended."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self._given: list[BaseHTTPResponse] = []

    def urlopen(self, method: str, url: str, redirect: bool = True, **more: Any) -> BaseHTTPResponse:  # type: ignore[override]
        """Ask, and remember the answer."""
        answer = super().urlopen(method, url, redirect, **more)
        self._given.append(answer)
        return answer

    def end(self) -> None:
        """Close every connection."""
        for answer in self._given:
            answer.close()
        self.clear()


class _RemembersBehindProxy(_Remembers, ProxyManager):
    """The same where the environment names a proxy."""


def https_pool(config: Config, url: str) -> _Remembers:
    """A pool with the certificates, the timeout and the proxy of `config` and the environment."""
    pool = default_urllib3_manager(
        config, pool_manager_cls=_Remembers, proxy_manager_cls=_RemembersBehindProxy, base_url=url
    )
    if not isinstance(pool, _Remembers):
        raise TypeError("dulwich made another pool than it was asked for")
    return pool
