"""Filters and pages of DMS's describe operations (`dms-facts.md` section 9)."""

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from deploy_engine.local_aws.dms.naming import not_found
from deploy_engine.local_aws.errors import AwsError

Item = TypeVar("Item")
FEWEST = 20
MOST = 100


def page(items: Sequence[Item], members: dict[str, Any], most: int = MOST) -> tuple[list[Item], str | None]:
    """Return one page of ``items`` and the marker of the next, or None; ``MaxRecords`` goes from 20 to ``most``."""
    size = members.get("MaxRecords", 100)
    if not FEWEST <= size <= most:
        raise AwsError(
            "InvalidParameterValueException", f"MaxRecords must be between {FEWEST} and {most}, but is {size}."
        )
    first = _position(members.get("Marker"))
    rest = len(items) > first + size
    return list(items[first : first + size]), _marker(first + size) if rest else None


def filtered(
    items: Sequence[Item],
    members: dict[str, Any],
    readers: dict[str, Callable[[Item], str | frozenset[str]]],
    nothing: str | None,
) -> list[Item]:
    """Return the items that pass every filter.

    ``readers`` say what each known filter compares: one value, or several of which one has to fit. When no item passes,
    that is a ResourceNotFoundFault with the message ``nothing``, or an empty answer where ``nothing`` is None.
    """
    filters = members.get("Filters") or []
    passed = list(items)
    for rule in filters:
        reader = readers.get(rule["Name"])
        if reader is None:
            raise AwsError("InvalidParameterValueException", f"The filter {rule['Name']!r} is not supported.")
        wanted = set(rule["Values"])
        passed = [item for item in passed if not wanted.isdisjoint(_values(reader(item)))]
    if filters and not passed and nothing is not None:
        raise not_found(nothing)
    return passed


def _values(read: str | frozenset[str]) -> frozenset[str]:
    return frozenset({read}) if isinstance(read, str) else read


def _marker(position: int) -> str:
    return base64.urlsafe_b64encode(f"after:{position}".encode()).decode()


def _position(marker: str | None) -> int:
    if not marker:
        return 0
    try:
        word, _, number = base64.urlsafe_b64decode(marker.encode()).decode().partition(":")
        if word == "after":
            return int(number)
    except (ValueError, binascii.Error):
        pass
    raise AwsError("InvalidParameterValueException", "The Marker is not one that this operation gave out.")
