"""The query protocol of CloudFormation: form fields in, XML out, both laid out by botocore's service model."""

import math
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl
from xml.sax.saxutils import escape

from botocore.model import ListShape, MapShape, OperationModel, Shape, StructureShape

from deploy_engine.local_aws.errors import AwsError

CONTENT_TYPE = "text/xml"
ENVELOPE = frozenset({"Action", "Version"})


def fields(body: bytes) -> dict[str, str]:
    """Return the form fields of a request body."""
    try:
        pairs = parse_qsl(body.decode("utf-8"), keep_blank_values=True, strict_parsing=bool(body))
    except ValueError as error:
        raise AwsError("MalformedQueryString", "The request body is not a valid form.") from error
    return dict(pairs)


def decode(shape: Shape | None, form: dict[str, str]) -> dict[str, Any]:
    """Return the request's members; refuse fields that belong to none of them."""
    used: set[str] = set(ENVELOPE)
    value = _structure(shape, form, "", used) if isinstance(shape, StructureShape) else {}
    unknown = sorted(set(form) - used)
    if unknown:
        raise AwsError("ValidationError", f"Unknown parameter: {', '.join(unknown)}")
    return value or {}


def _decode(shape: Shape, form: dict[str, str], path: str, used: set[str]) -> Any:
    if isinstance(shape, StructureShape):
        return _structure(shape, form, path, used)
    if isinstance(shape, ListShape):
        return _list(shape, form, path, used)
    if isinstance(shape, MapShape):
        return None
    if path not in form:
        return None
    used.add(path)
    return _scalar(shape, form[path], path)


def _structure(shape: StructureShape, form: dict[str, str], path: str, used: set[str]) -> dict[str, Any] | None:
    found = {}
    for name, member in shape.members.items():
        wire = member.serialization.get("name", name)
        value = _decode(member, form, f"{path}.{wire}" if path else wire, used)
        if value is not None:
            found[name] = value
    return found or None


def _list(shape: ListShape, form: dict[str, str], path: str, used: set[str]) -> list[Any] | None:
    if form.get(path) == "":
        used.add(path)
        return []
    prefix = (
        path if shape.serialization.get("flattened") else f"{path}.{shape.member.serialization.get('name', 'member')}"
    )
    found: list[Any] = []
    while (value := _decode(shape.member, form, f"{prefix}.{len(found) + 1}", used)) is not None:
        found.append(value)
    return found or None


def _scalar(shape: Shape, text: str, path: str) -> Any:
    try:
        if shape.type_name in ("integer", "long"):
            return int(text)
        if shape.type_name in ("float", "double"):
            number = float(text)
            return number if math.isfinite(number) else text
        if shape.type_name == "timestamp":
            return datetime.fromisoformat(text).timestamp()
    except ValueError as error:
        raise AwsError("ValidationError", f"Value '{text[:100]}' at '{path}' is not a {shape.type_name}") from error
    if shape.type_name == "boolean":
        if text not in ("true", "false"):
            raise AwsError("ValidationError", f"Value '{text[:100]}' at '{path}' is not a boolean")
        return text == "true"
    return text


def encode(operation: OperationModel, result: dict[str, Any], request_id: str) -> bytes:
    """Return the response body for ``result``."""
    inner = ""
    shape = operation.output_shape
    if shape is not None:
        wrapper = shape.serialization.get("resultWrapper", f"{operation.name}Result")
        inner = f"<{wrapper}>{_members(shape, result)}</{wrapper}>"
    space = operation.service_model.metadata.get("xmlNamespace", "")
    return (
        f'<{operation.name}Response xmlns="{space}">{inner}'
        f"<ResponseMetadata><RequestId>{request_id}</RequestId></ResponseMetadata></{operation.name}Response>"
    ).encode()


def encode_error(error: AwsError, namespace: str, request_id: str) -> bytes:
    """Return the body of a refusal."""
    return (
        f'<ErrorResponse xmlns="{namespace}"><Error><Type>Sender</Type><Code>{escape(error.code)}</Code>'
        f"<Message>{escape(_printable(error.message))}</Message></Error>"
        f"<RequestId>{request_id}</RequestId></ErrorResponse>"
    ).encode()


def _members(shape: StructureShape, value: dict[str, Any]) -> str:
    parts = []
    for name, member in shape.members.items():
        if value.get(name) is not None:
            parts.append(_element(member.serialization.get("name", name), member, value[name]))
    return "".join(parts)


def _element(name: str, shape: Shape, value: Any) -> str:
    if isinstance(shape, StructureShape):
        return f"<{name}>{_members(shape, value)}</{name}>"
    if isinstance(shape, ListShape):
        member_name = shape.member.serialization.get("name", "member")
        return f"<{name}>{''.join(_element(member_name, shape.member, item) for item in value)}</{name}>"
    return f"<{name}>{escape(_text(shape, value))}</{name}>"


def _text(shape: Shape, value: Any) -> str:
    if shape.type_name == "boolean":
        return "true" if value else "false"
    if shape.type_name == "timestamp":
        return datetime.fromtimestamp(value, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
    return _printable(str(value))


def _printable(text: str) -> str:
    """Leave out the control characters that XML cannot carry."""
    return "".join(character for character in text if character >= " " or character in "\t\n\r")
