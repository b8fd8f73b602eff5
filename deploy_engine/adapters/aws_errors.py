"""Every error of botocore as one of the engine's three, in words for people; the only place that knows botocore's own.

No message carries a secret: AWS's complaint about a signature quotes the session token, an endpoint override may hold a
password, so neither is ever passed on.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    CredentialRetrievalError,
    NoCredentialsError,
    ParamValidationError,
    PartialCredentialsError,
    ProfileNotFound,
    TokenRetrievalError,
)

from deploy_engine.errors import AwsRefused, AwsThrottled, AwsUnreachable

LONGEST_MESSAGE = 1_000
THROTTLES = frozenset(
    {
        "BandwidthLimitExceeded",
        "PriorRequestNotComplete",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "SlowDown",
        "ThrottledException",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
    }
)
"""The codes by which AWS's services say "slower", as botocore's own retries know them."""

_SIGNATURES = frozenset({"SignatureDoesNotMatch", "InvalidSignatureException", "IncompleteSignature"})
_EXPIRED = frozenset({"ExpiredToken", "ExpiredTokenException", "RequestExpired"})
_SERVER_ERROR = 500
_NO_CREDENTIALS = (
    NoCredentialsError,
    PartialCredentialsError,
    CredentialRetrievalError,
    TokenRetrievalError,
    ProfileNotFound,
)


def error_code(error: ClientError) -> str:
    """AWS's own code, such as ``ValidationError``."""
    return str(error.response.get("Error", {}).get("Code", "Unknown"))


def error_message(error: ClientError) -> str:
    """AWS's own sentence."""
    return str(error.response.get("Error", {}).get("Message", ""))


def _clipped(text: str) -> str:
    return text if len(text) <= LONGEST_MESSAGE else text[:LONGEST_MESSAGE] + "…"


def _of_an_answer(error: ClientError, place: str) -> AwsRefused | AwsThrottled | AwsUnreachable:
    code, operation = error_code(error), error.operation_name
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    if code in THROTTLES:
        return AwsThrottled(f"{place} asks to slow down ({operation}: {code})")
    if status >= _SERVER_ERROR:
        return AwsUnreachable(f"{place} failed while answering {operation} (HTTP {status}, {code})")
    if code in _SIGNATURES:
        return AwsRefused(operation, code, "the request's signature does not fit the credentials or the clock")
    if code in _EXPIRED:
        return AwsRefused(operation, code, "the credentials have expired")
    return AwsRefused(operation, code, _clipped(error_message(error)))


def translate(error: BotoCoreError | ClientError, operation: str, place: str) -> Exception:
    """The engine's error for botocore's; ``place`` says whom we spoke to, without credentials."""
    if isinstance(error, ClientError):
        return _of_an_answer(error, place)
    if isinstance(error, _NO_CREDENTIALS):
        return AwsUnreachable(f"{place} was not asked: there are no usable credentials for it ({operation})")
    if isinstance(error, ParamValidationError):
        return AwsRefused(operation, "ParamValidation", _clipped(str(error)))
    return AwsUnreachable(f"{place} did not answer {operation} ({type(error).__name__})")


@contextmanager
def translated(operation: str, place: str) -> Iterator[None]:
    """Within it, whatever botocore raises comes out as an engine's error."""
    try:
        yield
    except (BotoCoreError, ClientError) as error:
        raise translate(error, operation, place) from error
