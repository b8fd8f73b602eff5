"""Which hosts may be connected to (docs/security.md): a name under an allowed suffix, none of whose addresses leads
to this machine or to the cloud's own services.

A secret's host is written by a team, so it is taken for hostile. A name is judged before it is resolved, and every
address that it resolves to is judged afterwards; whoever connects uses the very address that was judged, or a second
look-up could give another one.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Callable, Sequence

from deploy_engine.errors import SourceUnreachable

Resolver = Callable[[str, int], Sequence[str]]
"""Host name and port to addresses, as texts; raises OSError where there are none."""

_LABEL = r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?"
_HOST = re.compile(rf"{_LABEL}(\.{_LABEL})*", re.ASCII)
_LONGEST_HOST = 253
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*", re.ASCII)
"""A last part like this makes resolvers read the whole as an address: ``2130706433``, ``0x7f.1``, ``127.1``."""

_CLOUD = ipaddress.ip_network("fd00:ec2::/32")
"""AWS's own services within an instance: metadata, clock, name server, credentials."""

_EMBEDDING = tuple(
    ipaddress.ip_network(text) for text in ("::/96", "64:ff9b::/96", "64:ff9b:1::/48", "2001::/32", "2002::/16")
)
"""IPv6 addresses that carry an IPv4 one, which they lead to; no database is named by one."""


def host_problem(host: str, suffixes: Sequence[str]) -> str:
    """Why ``host`` may not even be resolved; "" where it may."""
    lowered = host.lower()
    if not host.isascii() or len(host) > _LONGEST_HOST or not _HOST.fullmatch(lowered):
        return "its host is no plain host name"
    if _NUMBER.fullmatch(lowered.rpartition(".")[2]):
        return _number_problem(lowered, suffixes)
    if not any(_is_under(lowered, suffix) for suffix in suffixes):
        allowed = ", ".join(suffixes) or "none at all"
        return f"its host {lowered} is not under the suffixes that this environment allows ({allowed})"
    return ""


def address_problem(address: str, *, local: bool) -> str:
    """Why no connection may be made to ``address``; "" where one may. ``local``: the environment is this machine's."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return "is no address"
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    if found.is_loopback:
        return "" if local else "is this machine itself"
    if found.is_link_local or found in _CLOUD:
        return "belongs to the cloud's own services"
    if found.is_unspecified or found.is_multicast or found.is_reserved or any(found in net for net in _EMBEDDING):
        return "is no address of a single machine"
    if isinstance(found, ipaddress.IPv4Address) and found in ipaddress.ip_network("0.0.0.0/8"):
        return "is no address of a single machine"
    return ""


def resolve(host: str, port: int) -> list[str]:
    """The addresses of a host by the system's resolver, without duplicates and in its order."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def checked_address(host: str, port: int, suffixes: Sequence[str], *, local: bool, resolver: Resolver = resolve) -> str:
    """The address to connect to; raises ``SourceUnreachable`` where the host may not be reached, or is not known.

    One bad address refuses the host: an honest database has none.
    """
    problem = host_problem(host, suffixes)
    if problem:
        raise SourceUnreachable(problem)
    name = host.lower()
    try:
        addresses = resolver(name, port)
    except (OSError, UnicodeError):
        addresses = ()
    if not addresses:
        raise SourceUnreachable(f"its host {name} is not known to the name server")
    for address in addresses:
        problem = address_problem(address, local=local)
        if problem:
            raise SourceUnreachable(f"its host {name} leads to {address}, which {problem}")
    return addresses[0]


def _number_problem(host: str, suffixes: Sequence[str]) -> str:
    """An address is allowed only in its one usual form, and only where it is named whole."""
    try:
        usual = str(ipaddress.IPv4Address(host)) == host
    except ValueError:
        usual = False
    if not usual:
        return "its host is an address in an unusual form"
    return "" if host in suffixes else f"its host {host} is an address, not a name that this environment allows"


def _is_under(host: str, suffix: str) -> bool:
    return (host == suffix.removeprefix(".") and not suffix.startswith(".")) or host.endswith("." + suffix.lstrip("."))
