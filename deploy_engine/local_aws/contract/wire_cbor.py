"""The CBOR protocol, which boto3 speaks with CloudWatch: reading by botocore's own reader, writing of refusals."""

from datetime import datetime
from typing import Any

from botocore.parsers import ResponseParserError, RpcV2CBORParser

from deploy_engine.local_aws.errors import AwsError

CONTENT_TYPE = "application/cbor"
PROTOCOL_HEADER = ("smithy-protocol", "rpc-v2-cbor")
TEXT, MAP_OF_TWO = 0x60, 0xA2
LONG_TEXT, LONGEST = 0x79, 0xFFFF
SHORT = 24


def decode(body: bytes) -> dict[str, Any]:
    """Return the request's members, moments as seconds since 1970; refuse what is not a map."""
    parser = RpcV2CBORParser()
    try:
        value = parser.parse_data_item(parser.get_peekable_stream_from_bytes(body)) if body else {}
    except (ResponseParserError, ValueError, IndexError, KeyError, TypeError, OverflowError, RecursionError) as error:
        raise AwsError("SerializationException", "The request body is not valid CBOR.") from error
    if not isinstance(value, dict):
        raise AwsError("SerializationException", "The request body is not a CBOR map.")
    members: dict[str, Any] = _plain(value)
    return members


def encode_error(error: AwsError) -> bytes:
    """Return the body of a refusal."""
    pairs = (("__type", error.code), ("message", error.message))
    return bytes([MAP_OF_TWO]) + b"".join(_text(name) + _text(value) for name, value in pairs)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value.timestamp() if isinstance(value, datetime) else value


def _text(value: str) -> bytes:
    content = value.encode()[:LONGEST]
    head = bytes([TEXT + len(content)]) if len(content) < SHORT else bytes([LONG_TEXT]) + len(content).to_bytes(2)
    return head + content
