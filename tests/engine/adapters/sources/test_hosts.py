"""No host that a secret may name leads anywhere but to a database under an allowed suffix."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy_engine.adapters.sources.hosts import address_problem, checked_address, host_problem
from deploy_engine.errors import SourceUnreachable

SUFFIXES = (".db.example.internal", "localhost", "10.1.2.3")
HONEST = ("food.db.example.internal", "a.b.db.example.internal", "FOOD.DB.example.internal", "localhost", "10.1.2.3")
HOSTILE = (
    "",
    ".",
    "..",
    "db.example.internal",  # a suffix with a dot is a domain, and the domain itself is no host in it
    ".db.example.internal",
    "db.example.internal.evil.com",
    "evildb.example.internal",
    "food.db.example.internal.",
    "food..db.example.internal",
    "-food.db.example.internal",
    "evil.com",
    "notlocalhost",
    "localhost.evil.com",
    "user@food.db.example.internal",
    "evil.com@food.db.example.internal",
    "user:secret@food.db.example.internal",
    "food.db.example.internal@evil.com",
    "food.db.example.internal:5432",
    "food.db.example.internal/../evil.com",
    "evil.com#.db.example.internal",
    "evil.com?.db.example.internal",
    "evil.com\\.db.example.internal",
    "evil.com%00.db.example.internal",
    "evil.com\0.db.example.internal",
    "evil.com\n.db.example.internal",
    "food.db.example.internal\n",
    " food.db.example.internal",
    "evil.com,food.db.example.internal",
    "evil.com food.db.example.internal",
    "/var/run/postgresql.db.example.internal",
    "@abstract.db.example.internal",
    "http://food.db.example.internal",
    "fööd.db.example.internal",
    "food\u3002db\u3002example\u3002internal",
    "food.db.example.\u0456nternal",
    "\uff4cocalhost",
    "loc\u212aalhost",
    "a" * 64 + ".db.example.internal",
    ".".join(["a" * 60] * 5) + ".db.example.internal",
    "127.0.0.1",
    "127.1",
    "127.0.1",
    "0127.0.0.1",
    "0177.0.0.1",
    "0x7f.0.0.1",
    "0x7f000001",
    "0x7f.1",
    "2130706433",
    "017700000001",
    "0",
    "0.0.0.0",  # noqa: S104 - to be refused
    "169.254.169.254",
    "169.254.170.2",
    "2852039166",
    "0xA9FEA9FE",
    "0xa9.0xfe.0xa9.0xfe",
    "0251.0376.0251.0376",
    "169.254.43518",
    "10.1.2.4",
    "010.1.2.3",
    "10.1.2.03",
    "10.1.515",
    "10.1.2.3.",
    "1.2.3.4.5",
    "256.256.256.256",
    "255.255.255.255",
    "::1",
    "[::1]",
    "0:0:0:0:0:0:0:1",
    "::ffff:127.0.0.1",
    "[fd00:ec2::254]",
    "fe80::1%eth0",
    "food.db.example.internal.0x7f",
    "food.db.example.internal.1",
)
DENIED = (
    "127.0.0.1",
    "127.255.255.254",
    "0.0.0.0",  # noqa: S104 - to be refused
    "0.1.2.3",
    "169.254.169.254",
    "169.254.170.2",
    "169.254.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "fe80::1",
    "fe80::1%eth0",
    "ff02::1",
    "fd00:ec2::254",
    "fd00:ec2::253",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "::127.0.0.1",
    "64:ff9b::a9fe:a9fe",
    "2002:a9fe:a9fe::1",
    "2001:0:a9fe:a9fe::1",
    "nonsense",
    "",
)


def no_resolver(_host: str, _port: int) -> Sequence[str]:
    raise AssertionError("a host that is refused by its name must never be resolved")


@pytest.mark.parametrize("host", HONEST)
def test_host_problem__under_an_allowed_suffix__none(host: str) -> None:
    assert host_problem(host, SUFFIXES) == ""


@pytest.mark.parametrize("host", HOSTILE)
def test_checked_address__hostile_host__refused_before_anything_is_resolved(host: str) -> None:
    with pytest.raises(SourceUnreachable):
        checked_address(host, 5432, SUFFIXES, local=True, resolver=no_resolver)


@pytest.mark.parametrize("address", DENIED)
def test_address_problem__this_machine_or_the_clouds_own__refused(address: str) -> None:
    assert address_problem(address, local=False)


@pytest.mark.parametrize(
    "address", ["10.0.0.5", "172.16.1.1", "192.168.3.4", "52.1.2.3", "fd12:3456::7", "2a05:d018::9"]
)
def test_address_problem__of_a_machine_elsewhere__none(address: str) -> None:
    assert address_problem(address, local=False) == ""


def test_address_problem__loopback_in_the_local_environment__none_but_the_clouds_own_stay_refused() -> None:
    assert address_problem("127.0.0.1", local=True) == ""
    assert address_problem("::1", local=True) == ""
    assert address_problem("169.254.169.254", local=True)


def test_checked_address__one_of_many_addresses_is_bad__refused() -> None:
    def rebinding(_host: str, _port: int) -> Sequence[str]:
        return ("10.0.0.5", "169.254.169.254")

    with pytest.raises(SourceUnreachable, match=r"leads to 169\.254\.169\.254"):
        checked_address("food.db.example.internal", 5432, SUFFIXES, local=False, resolver=rebinding)


def test_checked_address__name_changes_its_mind__is_resolved_only_once() -> None:
    answers = iter([("10.0.0.5",), ("127.0.0.1",)])

    def once(_host: str, _port: int) -> Sequence[str]:
        return next(answers)

    assert checked_address("food.db.example.internal", 5432, SUFFIXES, local=False, resolver=once) == "10.0.0.5"
    assert next(answers) == ("127.0.0.1",)


def test_checked_address__unknown_to_the_name_server__says_so() -> None:
    def unknown(_host: str, _port: int) -> Sequence[str]:
        raise OSError

    with pytest.raises(SourceUnreachable, match="not known to the name server"):
        checked_address("food.db.example.internal", 5432, SUFFIXES, local=False, resolver=unknown)


@given(st.text(max_size=40))
def test_host_problem__any_text__only_plain_names_under_a_suffix_pass(text: str) -> None:
    if host_problem(text, SUFFIXES) == "":
        lowered = text.lower()
        assert lowered.isascii()
        assert lowered.endswith((".db.example.internal", ".localhost")) or lowered in {"localhost", "10.1.2.3"}


@given(st.text(alphabet="abc.@:/%0x1-_[]\\ \0é", max_size=12))
def test_host_problem__before_an_allowed_suffix__nothing_but_labels_passes(prefix: str) -> None:
    if host_problem(f"{prefix}.db.example.internal", SUFFIXES) == "":
        assert set(prefix) <= set("abc.0x1-_")


@given(st.ip_addresses())
def test_address_problem__any_address__loopback_and_link_local_never_pass(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    if address_problem(str(address), local=False) == "":
        assert not (address.is_loopback or address.is_link_local or address.is_multicast or address.is_unspecified)
