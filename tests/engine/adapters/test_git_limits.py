"""A few bytes that stand for gigabytes are counted, not unpacked."""

from __future__ import annotations

import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy_engine.adapters.git_limits import Limits, Malformed, TooLarge, check_pack
from tests.git_program import git

LIMITS = Limits(pack_bytes=100_000, objects=100, object_bytes=10_000, all_bytes=50_000)
BLOB, REFERENCE_DELTA = 3, 7


def _number(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes((*out, value))


def _object(kind: int, content: bytes, *, says: int | None = None) -> bytes:
    size = len(content) if says is None else says
    first, rest = kind << 4 | size & 0x0F, size >> 4
    header = bytes((first | 0x80,)) + _number(rest) if rest else bytes((first,))
    return header + (b"\0" * 20 if kind == REFERENCE_DELTA else b"") + zlib.compress(content)


def _pack(*objects: bytes, count: int | None = None) -> bytes:
    number = len(objects) if count is None else count
    return b"PACK" + (2).to_bytes(4, "big") + number.to_bytes(4, "big") + b"".join(objects) + b"\0" * 20


def test_check_pack__what_git_itself_packs__fits(tmp_path: Path) -> None:
    person = ("-c", "user.name=Mia", "-c", "user.email=mia@example.com")
    git("init", "--quiet", folder=tmp_path)
    for number in range(5):
        (tmp_path / "a.txt").write_text("a line\n" * 200 + f"{number}\n")
        git("add", "a.txt", folder=tmp_path)
        git(*person, "commit", "--quiet", "-m", str(number), folder=tmp_path)

    check_pack(git("pack-objects", "--all", "--stdout", "-q", folder=tmp_path), LIMITS)


COPIES = _number(70_000) + _number(3 * 65_536) + b"\x80" * 3
"""A delta of ten bytes: three times 64 KiB of what it is based on."""


@pytest.mark.parametrize(
    ("pack", "said"),
    [
        (_pack(_object(BLOB, b"x" * 10_001)), "an object of 10,001 bytes"),
        (_pack(_object(BLOB, b"x" * 9_000, says=10)), "larger than it says"),
        (_pack(*[_object(BLOB, b"x" * 9_000)] * 6), "more than 50,000 bytes once unpacked"),
        (_pack(count=101), "101 objects"),
        # A delta of 30 bytes: three times "64 KiB of the base".
        (
            _pack(_object(REFERENCE_DELTA, _number(70_000) + _number(196_608) + b"\x80" * 3)),
            "an object of 65,536 bytes",
        ),
    ],
)
def test_check_pack__more_than_allowed__is_refused(pack: bytes, said: str) -> None:
    with pytest.raises(TooLarge, match=said):
        check_pack(pack, LIMITS)


@pytest.mark.parametrize(
    "pack",
    [
        b"",
        b"PACK",
        b"nonsense" * 5,
        _pack(_object(BLOB, b"x", says=5)),
        _pack(count=3),
        _pack(b"\x31garbage"),
        _pack(b"\xff" * 30),
    ],
)
def test_check_pack__no_pack__is_malformed(pack: bytes) -> None:
    with pytest.raises((Malformed, TooLarge)):
        check_pack(pack, LIMITS)


@given(st.binary(max_size=200))
def test_check_pack__any_bytes__are_judged_and_never_an_error_of_another_kind(content: bytes) -> None:
    try:
        check_pack(_pack(content), LIMITS)
    except (Malformed, TooLarge):
        return
