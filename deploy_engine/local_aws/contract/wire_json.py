"""The JSON 1.1 protocol of DMS: the operation in a header, the values as they are."""

import json
from typing import Any

from deploy_engine.local_aws.errors import AwsError

CONTENT_TYPE = "application/x-amz-json-1.1"


def decode(body: bytes) -> dict[str, Any]:
    """Return the request's members without those that are null; refuse what is not a JSON object."""
    try:
        value = json.loads(body.decode("utf-8") or "{}")
    except ValueError as error:
        raise AwsError("SerializationException", "The request body is not valid JSON.") from error
    if not isinstance(value, dict):
        raise AwsError("SerializationException", "The request body is not a JSON object.")
    members: dict[str, Any] = _without_none(value)
    return members


def encode(result: dict[str, Any]) -> bytes:
    """Return the response body; members that are None are left out, as AWS leaves them out."""
    return json.dumps(_without_none(result), separators=(",", ":")).encode()


def encode_error(error: AwsError) -> bytes:
    """Return the body of a refusal."""
    return json.dumps({"__type": error.code, "message": error.message}).encode()


def _without_none(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_none(item) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return [_without_none(item) for item in value]
    return value
