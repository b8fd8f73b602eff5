"""The query protocol: form fields, whose reading by botocore's service model is in `forms.py`, and XML out."""

import re
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl
from xml.sax.saxutils import escape

from botocore.model import ListShape, OperationModel, Shape, StructureShape

from deploy_engine.local_aws.errors import AwsError

CONTENT_TYPE = "text/xml"
_NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def fields(body: bytes) -> dict[str, str]:
    """Return the form fields of a request body."""
    try:
        pairs = parse_qsl(body.decode("utf-8"), keep_blank_values=True, strict_parsing=bool(body))
    except ValueError as error:
        raise AwsError("MalformedQueryString", "The request body is not a valid form.") from error
    return dict(pairs)


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
        f"<Message>{escape(printable(error.message))}</Message></Error>"
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
    return printable(str(value))


def printable(text: str) -> str:
    """Leave out the control characters that XML cannot carry."""
    return _NOT_IN_XML.sub("", text)
