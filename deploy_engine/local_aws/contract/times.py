"""Turns the times in a request or a response into other times, wherever botocore's model says that there is one."""

from collections.abc import Callable
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StructureShape

Turn = Callable[[float], float]


def turned(shape: Shape | None, value: Any, turn: Turn) -> Any:
    """Return ``value``, of the given shape, with ``turn`` applied to each of its times (seconds since 1970)."""
    match shape:
        case StructureShape() if isinstance(value, dict):
            return {name: turned(shape.members.get(name), item, turn) for name, item in value.items()}
        case ListShape() if isinstance(value, list):
            return [turned(shape.member, item, turn) for item in value]
        case MapShape() if isinstance(value, dict):
            return {key: turned(shape.value, item, turn) for key, item in value.items()}
        case Shape(type_name="timestamp") if isinstance(value, int | float):
            return turn(value)
        case _:
            return value
