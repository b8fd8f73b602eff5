"""Requests to the side services, held to botocore's models before moto sees them.

Operation, parameters, types, enums, lengths and patterns are looked at; of S3, whose bodies are data, only what stands
in path, query and headers.
"""

import re
from typing import Any
from urllib.parse import parse_qsl

from botocore.model import OperationModel, OperationNotFoundError, StructureShape

from deploy_engine.local_aws.contract import forms, wire_cbor, wire_json, wire_query
from deploy_engine.local_aws.contract.shapes import problems, service_model
from deploy_engine.local_aws.errors import AwsError, unsupported

NOT_FOUND, METHOD_NOT_ALLOWED = 404, 405
OF_BROWSERS = frozenset({"OPTIONS"})
CODES = {"rest-xml": "InvalidArgument", "ec2": "InvalidParameterValue", "json": "ValidationException"}
"""What a request that does not fit is called; all others, and CloudWatch in any protocol, say ValidationError."""
NOT_IN_MOTO = re.compile(
    "Abac|Analytics|Annotation|DirectoryBuckets|IntelligentTiering|Metadata|Metrics|RenameObject|RequestPayment|"
    "SelectObjectContent|Session|Torrent|UpdateObjectEncryption|WriteGetObjectResponse"
)
"""Operations of S3 that moto would take for others, because it passes over what tells them apart."""


def protocol_of(service: str, environ: dict[str, Any]) -> str:
    """Return how a request to ``service`` (botocore's name) is written: json, cbor, query, ec2 or rest-xml."""
    if environ.get("HTTP_X_AMZ_TARGET"):
        return "json"
    if "rpc-v2" in str(environ.get("HTTP_SMITHY_PROTOCOL", "")):
        return "cbor"
    fixed = {"s3": "rest-xml", "ec2": "ec2", "dms": "json", "secretsmanager": "json", "logs": "json"}
    return fixed.get(service, "query")


def checked(service: str, operation: str, environ: dict[str, Any], body: bytes) -> dict[str, Any]:
    """Return the members of a request to ``service`` (botocore's name); refuse what its model does not allow."""
    protocol = protocol_of(service, environ)
    if protocol == "rest-xml" and environ["REQUEST_METHOD"] in OF_BROWSERS:
        return {}
    model = _operation_model(service, operation, protocol)
    if protocol == "rest-xml" and NOT_IN_MOTO.search(operation):
        raise unsupported(f"the operation {operation} of {service}")
    if protocol == "rest-xml":
        members = _rest_members(model, environ)
        wrong = [
            problem
            for name, value in members.items()
            for problem in problems(_structure(model).members[name], value, name)
        ]
    else:
        members = _members(model, protocol, body)
        wrong = problems(model.input_shape, members) if model.input_shape is not None else []
    if wrong:
        noun = "validation error" if len(wrong) == 1 else "validation errors"
        code = CODES.get(protocol, "ValidationError") if service != "cloudwatch" else "ValidationError"
        raise AwsError(code, f"{len(wrong)} {noun} detected: {'; '.join(wrong)}")
    return members


def _operation_model(service: str, operation: str, protocol: str) -> OperationModel:
    try:
        return service_model(service).operation_model(operation)
    except OperationNotFoundError as error:
        message = f"Could not find operation {operation} for {service}."
        if protocol == "rest-xml":
            message = "The specified method is not allowed against this resource."
            raise AwsError("MethodNotAllowed", message, METHOD_NOT_ALLOWED) from error
        code = "UnknownOperationException" if protocol in ("json", "cbor") else "InvalidAction"
        raise AwsError(code, message) from error


def _members(model: OperationModel, protocol: str, body: bytes) -> dict[str, Any]:
    if protocol == "json":
        return wire_json.decode(body)
    if protocol == "cbor":
        return wire_cbor.decode(body)
    return forms.decode(model.input_shape, wire_query.fields(body), ec2=protocol == "ec2")


def _rest_members(model: OperationModel, environ: dict[str, Any]) -> dict[str, Any]:
    query = dict(parse_qsl(str(environ.get("QUERY_STRING", "")), keep_blank_values=True))
    found: dict[str, Any] = {}
    for name, shape in _structure(model).members.items():
        place = shape.serialization.get("location")
        wire = str(shape.serialization.get("name", name))
        text = query.get(wire) if place == "querystring" else None
        if place == "header":
            text = environ.get("HTTP_" + wire.upper().replace("-", "_"))
        if text is None or shape.type_name in ("list", "map", "timestamp"):
            continue
        try:
            number = shape.type_name in ("integer", "long")
            found[name] = int(text) if number else text == "true" if shape.type_name == "boolean" else text
        except ValueError as error:
            raise AwsError("InvalidArgument", f"Provided {wire} not an integer or within integer range") from error
    return found


def _structure(model: OperationModel) -> StructureShape:
    shape = model.input_shape
    return shape if shape is not None else StructureShape("Nothing", {"type": "structure", "members": {}})
