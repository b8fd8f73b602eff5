"""Reads form fields as botocore's service model lays them out: the query protocol, and EC2's variety of it."""

import math
from datetime import datetime
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StructureShape

from deploy_engine.local_aws.errors import AwsError

ENVELOPE = frozenset({"Action", "Version"})


def decode(shape: Shape | None, form: dict[str, str], *, ec2: bool = False) -> dict[str, Any]:
    """Return the request's members; refuse fields that belong to none of them."""
    reader = _Reader(form, ec2=ec2)
    value = reader.structure(shape, "") if isinstance(shape, StructureShape) else {}
    unknown = sorted(set(form) - reader.used)
    if unknown:
        raise AwsError("ValidationError", f"Unknown parameter: {', '.join(unknown)}")
    return value or {}


class _Reader:
    """One reading of one form; ``used`` are the fields that were understood."""

    def __init__(self, form: dict[str, str], *, ec2: bool) -> None:
        self._form = form
        self._ec2 = ec2
        self.used: set[str] = set(ENVELOPE)

    def structure(self, shape: StructureShape, path: str) -> dict[str, Any] | None:
        found = {}
        for name, member in shape.members.items():
            wire = self._wire_name(member, name)
            value = self._value(member, f"{path}.{wire}" if path else wire)
            if value is not None:
                found[name] = value
        return found or None

    def _value(self, shape: Shape, path: str) -> Any:
        if isinstance(shape, StructureShape):
            return self.structure(shape, path)
        if isinstance(shape, ListShape):
            return self._list(shape, path)
        if isinstance(shape, MapShape):
            return self._map(shape, path)
        if path not in self._form:
            return None
        self.used.add(path)
        return _scalar(shape, self._form[path], path)

    def _list(self, shape: ListShape, path: str) -> list[Any] | None:
        if self._form.get(path) == "":
            self.used.add(path)
            return []
        flat = self._ec2 or shape.serialization.get("flattened")
        prefix = path if flat else f"{path}.{shape.member.serialization.get('name', 'member')}"
        found: list[Any] = []
        while (value := self._value(shape.member, f"{prefix}.{len(found) + 1}")) is not None:
            found.append(value)
        return found or None

    def _map(self, shape: MapShape, path: str) -> dict[str, Any] | None:
        prefix = path if shape.serialization.get("flattened") else f"{path}.entry"
        key_name = shape.key.serialization.get("name", "key")
        value_name = shape.value.serialization.get("name", "value")
        found: dict[str, Any] = {}
        number = 1
        while (key := self._value(shape.key, f"{prefix}.{number}.{key_name}")) is not None:
            found[key] = self._value(shape.value, f"{prefix}.{number}.{value_name}")
            number += 1
        return found or None

    def _wire_name(self, member: Shape, name: str) -> str:
        given = member.serialization.get("name", name)
        if not self._ec2:
            return str(given)
        return str(member.serialization.get("queryName", given[:1].upper() + given[1:]))


def _scalar(shape: Shape, text: str, path: str) -> Any:
    try:
        if shape.type_name in ("integer", "long"):
            return int(text)
        if shape.type_name in ("float", "double"):
            number = float(text)
            return number if math.isfinite(number) else text
        if shape.type_name == "timestamp":
            return datetime.fromisoformat(text).timestamp()
    except (ValueError, OverflowError) as error:
        raise AwsError("ValidationError", f"Value '{text[:100]}' at '{path}' is not a {shape.type_name}") from error
    if shape.type_name == "boolean":
        if text not in ("true", "false"):
            raise AwsError("ValidationError", f"Value '{text[:100]}' at '{path}' is not a boolean")
        return text == "true"
    return text
