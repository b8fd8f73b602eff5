"""What a pack of somebody else's may be: counted before any library unpacks it.

A few bytes can stand for gigabytes: deflate gives a thousandfold, a delta repeats what it is based on as often as it
likes. So every object is inflated here within a bound, and every delta's instructions are added up, before the pack is
read as objects.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass

_HEADER_BYTES = 12
_OFFSET_DELTA, _REFERENCE_DELTA = 6, 7
_NAME_BYTES = 20
_SLICE_BYTES = 16_384
_LONGEST_COPY = 0x10000


class TooLarge(Exception):
    """More than anybody's proposal needs; ``str(error)`` says what was counted."""


class Malformed(Exception):
    """No pack that git would have written."""


@dataclass(frozen=True)
class Limits:
    """Bytes of a pack as it arrives, its objects, the bytes of one object and of all; and the files that differ."""

    pack_bytes: int = 16 * 2**20
    objects: int = 50_000
    object_bytes: int = 4 * 2**20
    all_bytes: int = 128 * 2**20
    files: int = 50_000
    commits: int = 1_000


def check_pack(pack: bytes, limits: Limits) -> None:
    """Raises :class:`TooLarge` or :class:`Malformed`; holds at most one object in memory."""
    if pack[:4] != b"PACK" or len(pack) < _HEADER_BYTES:
        raise Malformed("what the remote sent is no pack")
    count = int.from_bytes(pack[8:12], "big")
    if count > limits.objects:
        raise TooLarge(f"{count:,} objects, more than {limits.objects:,}")
    place, total = _HEADER_BYTES, 0
    for _ in range(count):
        kind, size, place = _object_header(pack, place)
        if kind == _OFFSET_DELTA:
            place = _after_number(pack, place)
        elif kind == _REFERENCE_DELTA:
            place += _NAME_BYTES
        _refuse_size(size, limits)
        content, place = _inflated(pack, place, size)
        if kind in (_OFFSET_DELTA, _REFERENCE_DELTA):
            size = _delta_result(content, limits)
        total += size
        if total > limits.all_bytes:
            raise TooLarge(f"more than {limits.all_bytes:,} bytes once unpacked")


def _refuse_size(size: int, limits: Limits) -> None:
    if size > limits.object_bytes:
        raise TooLarge(f"an object of {size:,} bytes, more than {limits.object_bytes:,}")


def _byte(data: bytes, place: int) -> int:
    try:
        return data[place]
    except IndexError:
        raise Malformed("the pack ends too early") from None


def _after_number(data: bytes, place: int) -> int:
    while _byte(data, place) & 0x80:
        place += 1
    return place + 1


def _number(data: bytes, place: int) -> tuple[int, int]:
    """A number in groups of seven bits, the lowest first, and the place behind it."""
    value = shift = 0
    while True:
        byte = _byte(data, place)
        value |= (byte & 0x7F) << shift
        place, shift = place + 1, shift + 7
        if not byte & 0x80:
            return value, place
        if shift > 63:
            raise Malformed("a number without end")


def _object_header(pack: bytes, place: int) -> tuple[int, int, int]:
    """Kind and size of the next object, and the place behind its header."""
    byte = _byte(pack, place)
    kind, size = (byte >> 4) & 7, byte & 0x0F
    if byte & 0x80:
        more, place = _number(pack, place + 1)
        return kind, size | more << 4, place
    return kind, size, place + 1


def _inflated(pack: bytes, place: int, size: int) -> tuple[bytes, int]:
    """What is deflated at ``place``, which has to be ``size`` bytes, and the place behind it."""
    inflater = zlib.decompressobj()
    content = bytearray()
    while not inflater.eof:
        piece = pack[place : place + _SLICE_BYTES]
        if not piece:
            raise Malformed("the pack ends within an object")
        try:
            content += inflater.decompress(piece, size + 1 - len(content))
        except zlib.error as error:
            raise Malformed(f"an object that cannot be unpacked: {error}") from None
        if len(content) > size or inflater.unconsumed_tail:
            raise TooLarge("an object is larger than it says")
        place += len(piece) - len(inflater.unused_data)
    if len(content) != size:
        raise Malformed("an object is smaller than it says")
    return bytes(content), place


def _delta_result(delta: bytes, limits: Limits) -> int:
    """How many bytes the instructions of ``delta`` would make."""
    _, place = _number(delta, 0)
    _, place = _number(delta, place)
    made = 0
    while place < len(delta):
        instruction = delta[place]
        place += 1
        if instruction & 0x80:
            length = 0
            for bit in range(7):
                if instruction & (1 << bit):
                    if bit > 3:
                        length |= _byte(delta, place) << (8 * (bit - 4))
                    place += 1
            made += length or _LONGEST_COPY
        else:
            made += instruction
            place += instruction
        _refuse_size(made, limits)
    return made
