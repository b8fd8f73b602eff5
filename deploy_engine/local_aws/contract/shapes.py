"""Checks a value against a shape of botocore's service model.

Unlike ``botocore.validate`` this looks at enums, patterns and ranges of numbers too, and so refuses what AWS refuses.
"""

import re
from functools import cache
from typing import Any

import botocore.session
from botocore.model import ListShape, MapShape, ServiceModel, Shape, StringShape, StructureShape

NUMBERS: dict[str, tuple[type, ...]] = {
    "integer": (int,),
    "long": (int,),
    "float": (int, float),
    "double": (int, float),
    "timestamp": (int, float),
}

CONTROL_CHARACTERS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
UNLISTED: dict[str, frozenset[str]] = {
    "SourceType": frozenset({"replication-task"}),
    "ResourceStatus": frozenset(
        {
            "REVIEW_IN_PROGRESS",
            "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
            "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS",
        }
    ),
}
"""Values that AWS uses though the model's enums leave them out: events of tasks, and events of stacks themselves."""


@cache
def service_model(service: str) -> ServiceModel:
    """Return botocore's model of ``service``, named as in boto3."""
    session = botocore.session.Session()
    return session.get_service_model(service)


def problems(shape: Shape, value: Any, path: str = "") -> list[str]:
    """Return in words all that ``value`` has wrong for ``shape``; timestamps are seconds since 1970."""
    match shape:
        case StructureShape():
            found = _structure_problems(shape, value, path)
        case ListShape():
            found = _list_problems(shape, value, path)
        case MapShape():
            found = _map_problems(shape, value, path)
        case StringShape():
            found = _string_problems(shape, value, path)
        case Shape(type_name="boolean"):
            found = [] if isinstance(value, bool) else [_wrong_type(path, value, "a boolean")]
        case Shape(type_name="blob"):
            found = [] if isinstance(value, str | bytes) else [_wrong_type(path, value, "a blob")]
        case _ if shape.type_name in NUMBERS:
            found = _number_problems(shape, value, path)
        case _:
            found = [f"Value at '{path}' has the type {shape.type_name}, which the local AWS does not know"]
    return found


def _structure_problems(shape: StructureShape, value: Any, path: str) -> list[str]:
    if not isinstance(value, dict):
        return [_wrong_type(path, value, "a structure")]
    found = [
        f"Value at '{_under(path, name)}' is unknown to {shape.name}" for name in value if name not in shape.members
    ]
    for name in shape.required_members:
        if value.get(name) is None:
            found.append(f"Value null at '{_under(path, name)}' failed to satisfy constraint: Member must not be null")
    for name, member in shape.members.items():
        if value.get(name) is not None:
            found.extend(problems(member, value[name], _under(path, name)))
    return found


def _list_problems(shape: ListShape, value: Any, path: str) -> list[str]:
    if not isinstance(value, list):
        return [_wrong_type(path, value, "a list")]
    found = _length_problems(shape, value, path)
    for position, item in enumerate(value, start=1):
        found.extend(problems(shape.member, item, f"{path}.{position}.member"))
    return found


def _map_problems(shape: MapShape, value: Any, path: str) -> list[str]:
    if not isinstance(value, dict):
        return [_wrong_type(path, value, "a map")]
    found = []
    for key, item in value.items():
        found.extend(problems(shape.key, key, f"{path}.key"))
        found.extend(problems(shape.value, item, _under(path, str(key))))
    return found


def _string_problems(shape: StringShape, value: Any, path: str) -> list[str]:
    if not isinstance(value, str):
        return [_wrong_type(path, value, "a string")]
    failed = f"Value '{value[:200]}' at '{path}' failed to satisfy constraint: Member must "
    if shape.enum and value not in shape.enum and value not in UNLISTED.get(shape.name, ()):
        return [f"{failed}satisfy enum value set: [{', '.join(shape.enum)}]"]
    found = _length_problems(shape, value, path)
    if CONTROL_CHARACTERS.search(value):
        found.append(f"Value at '{path}' holds control characters")
    pattern = _compiled(shape.metadata.get("pattern"))
    if pattern and not pattern.fullmatch(value):
        found.append(f"{failed}satisfy regular expression pattern: {pattern.pattern}")
    return found


def _number_problems(shape: Shape, value: Any, path: str) -> list[str]:
    if isinstance(value, bool) or not isinstance(value, NUMBERS[shape.type_name]):
        return [_wrong_type(path, value, f"a number ({shape.type_name})")]
    found = []
    failed = f"Value '{value}' at '{path}' failed to satisfy constraint: Member must have value"
    if "min" in shape.metadata and value < shape.metadata["min"]:
        found.append(f"{failed} greater than or equal to {shape.metadata['min']}")
    if "max" in shape.metadata and value > shape.metadata["max"]:
        found.append(f"{failed} less than or equal to {shape.metadata['max']}")
    return found


def _length_problems(shape: Shape, value: str | list[Any], path: str) -> list[str]:
    found = []
    failed = f"Value at '{path}' failed to satisfy constraint: Member must have length"
    if "min" in shape.metadata and len(value) < shape.metadata["min"]:
        found.append(f"{failed} greater than or equal to {shape.metadata['min']}")
    if "max" in shape.metadata and len(value) > shape.metadata["max"]:
        found.append(f"{failed} less than or equal to {shape.metadata['max']}")
    return found


@cache
def _compiled(pattern: str | None) -> re.Pattern[str] | None:
    """Compile a pattern of the model; the few that are not valid in Python bind nothing."""
    if not pattern:
        return None
    try:
        return re.compile(pattern, re.DOTALL)
    except re.error:
        return None


def _wrong_type(path: str, value: Any, wanted: str) -> str:
    return f"Value at '{path}' is {type(value).__name__}, but must be {wanted}"


def _under(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
