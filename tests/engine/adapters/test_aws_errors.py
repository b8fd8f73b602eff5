"""Botocore's errors as the engine's three, in words that carry no secret."""

from __future__ import annotations

import pytest
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
    ParamValidationError,
    ReadTimeoutError,
)

from deploy_engine.adapters.aws_errors import translated
from deploy_engine.errors import AwsRefused, AwsThrottled, AwsUnreachable

PLACE = "AWS in eu-west-1"


def answer(code: str, message: str = "no", status: int = 400) -> ClientError:
    response = {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(response, "DescribeStacks")  # type: ignore[arg-type]


def raised(error: BotoCoreError | ClientError) -> Exception:
    with pytest.raises((AwsRefused, AwsThrottled, AwsUnreachable)) as caught, translated("DescribeStacks", PLACE):
        raise error
    return caught.value


@pytest.mark.parametrize("code", ["Throttling", "ThrottlingException", "SlowDown", "RequestLimitExceeded"])
def test_translated__throttled__nothing_happened(code: str) -> None:
    assert isinstance(raised(answer(code, status=503)), AwsThrottled)


@pytest.mark.parametrize(
    "error",
    [
        EndpointConnectionError(endpoint_url="http://user:hunter2@127.0.0.1:1"),
        ConnectTimeoutError(endpoint_url="http://user:hunter2@127.0.0.1:1"),
        ReadTimeoutError(endpoint_url="http://user:hunter2@127.0.0.1:1"),
        answer("InternalFailure", status=500),
        answer("ServiceUnavailable", status=503),
    ],
)
def test_translated__no_answer__is_unreachable_and_names_no_credentials(error: BotoCoreError | ClientError) -> None:
    translated_error = raised(error)
    assert isinstance(translated_error, AwsUnreachable)
    assert PLACE in str(translated_error)
    assert "hunter2" not in str(translated_error)


def test_translated__refusal__keeps_aws_code_and_words() -> None:
    refused = raised(answer("AccessDenied", "not authorized to perform cloudformation:DescribeStacks", 403))
    assert isinstance(refused, AwsRefused)
    assert (refused.operation, refused.code) == ("DescribeStacks", "AccessDenied")
    assert "not authorized" in str(refused)


def test_translated__signature_refused__quotes_no_token() -> None:
    quoted = "The Canonical String for this request should have been 'x-amz-security-token:SECRET'"
    assert "SECRET" not in str(raised(answer("SignatureDoesNotMatch", quoted, 403)))


def test_translated__no_credentials__says_that_nothing_was_asked() -> None:
    error = raised(NoCredentialsError())
    assert isinstance(error, AwsUnreachable)
    assert "was not asked" in str(error)


def test_translated__parameters_that_fit_no_call__are_a_refusal_of_bounded_length() -> None:
    refused = raised(ParamValidationError(report="x" * 5000))
    assert isinstance(refused, AwsRefused)
    assert len(str(refused)) < 1200
