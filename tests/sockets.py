"""Keeps tests off the network: nothing beyond this machine ever, and loopback only for tests that say so.

A test that speaks to a server which it started itself carries the marker `loopback`; whole folders get it in
`tests/conftest.py`.
"""

import ipaddress
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_real_connect = socket.socket.connect
_real_connect_ex = socket.socket.connect_ex


class SocketRefused(RuntimeError):
    """A test tried to reach what it may not."""


class _Guard:
    loopback_allowed = False

    def check(self, endpoint: socket.socket, address: Any) -> None:
        if endpoint.family == socket.AF_UNIX:
            return
        if not _is_loopback(str(address[0])):
            message = f"tests never leave this machine, but something connects to {address!r}"
            raise SocketRefused(message)
        if not self.loopback_allowed:
            message = f"a unit test connects to {address!r}; mark it `loopback` if it starts that server itself"
            raise SocketRefused(message)


_guard = _Guard()


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _connect(endpoint: socket.socket, address: Any) -> None:
    _guard.check(endpoint, address)
    _real_connect(endpoint, address)


def _connect_ex(endpoint: socket.socket, address: Any) -> int:
    _guard.check(endpoint, address)
    return _real_connect_ex(endpoint, address)


def close_sockets() -> None:
    """Put the guard before every connection of this process."""
    socket.socket.connect = _connect  # type: ignore[method-assign,assignment]
    socket.socket.connect_ex = _connect_ex  # type: ignore[method-assign,assignment]


@contextmanager
def loopback(*, allowed: bool) -> Iterator[None]:
    """Allow or refuse connections to this machine itself for as long as the context lasts."""
    before, _guard.loopback_allowed = _guard.loopback_allowed, allowed
    try:
        yield
    finally:
        _guard.loopback_allowed = before
