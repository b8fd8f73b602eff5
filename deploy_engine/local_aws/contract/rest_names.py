"""Tells which operation of S3 a request is, so that its calls can be counted by name as all others are.

Botocore's model lays each operation out by method, path and the query fields and headers that must be there; of those
that fit, the one with most of them is meant.
"""

from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qsl

from botocore.model import OperationModel

from deploy_engine.local_aws.contract.shapes import service_model


@dataclass(frozen=True)
class Layout:
    """What a request must have to be an operation: query fields with a fixed value (or any: None), and headers."""

    name: str
    method: str
    depth: int
    query: tuple[tuple[str, str | None], ...]
    headers: tuple[str, ...]

    @property
    def weight(self) -> int:
        """Return how much this layout asks for."""
        return 2 * len(self.query) + len(self.headers)


def operation_name(method: str, path: str, query: str, headers: set[str]) -> str:
    """Return the S3 operation of a request, or its method and path when there is none; ``headers`` in lower case."""
    bucket, _, key = path.lstrip("/").partition("/")
    depth = 2 if key else 1 if bucket else 0
    given = dict(parse_qsl(query, keep_blank_values=True))
    fitting = [layout for layout in _layouts() if layout.method == method and layout.depth == depth]
    fitting = [layout for layout in fitting if _fits(layout, given, headers)]
    if not fitting:
        return f"{method} {path}"
    return max(fitting, key=lambda layout: layout.weight).name


def _fits(layout: Layout, given: dict[str, str], headers: set[str]) -> bool:
    in_query = all(name in given and value in (None, given[name]) for name, value in layout.query)
    return in_query and all(name in headers for name in layout.headers)


@lru_cache(maxsize=1)
def _layouts() -> tuple[Layout, ...]:
    model = service_model("s3")
    return tuple(_layout(model.operation_model(name)) for name in model.operation_names)


def _layout(operation: OperationModel) -> Layout:
    path, _, query = operation.http["requestUri"].partition("?")
    fixed: list[tuple[str, str | None]] = list(parse_qsl(query, keep_blank_values=True))
    headers = []
    shape = operation.input_shape
    for name in shape.required_members if shape is not None else []:
        place = shape.members[name].serialization if shape is not None else {}
        if place.get("location") == "querystring":
            fixed.append((place["name"], None))
        elif place.get("location") == "header":
            headers.append(place["name"].lower())
    depth = 2 if "{Key" in path else 1 if "{Bucket}" in path else 0
    return Layout(operation.name, operation.http["method"], depth, tuple(fixed), tuple(headers))
