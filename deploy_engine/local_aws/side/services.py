"""moto as the side services: reached by callers over HTTP, and from inside by ordinary boto3 clients without a socket.

The inner clients speak to moto's web application in the same process, so that nothing here depends on how moto
keeps its state. moto keeps that state per process: two local AWS in one process would share it, so there is one.
"""

import os
from functools import cache
from typing import Any

import boto3
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.compat import HTTPHeaders
from botocore.config import Config
from botocore.exceptions import ClientError
from moto.core.base_backend import BackendDict
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.datastructures import Headers
from werkzeug.test import Client

SERVICES = {
    "s3": "s3",
    "sts": "sts",
    "iam": "iam",
    "ec2": "ec2",
    "secretsmanager": "secretsmanager",
    "sns": "sns",
    "monitoring": "cloudwatch",
    "logs": "logs",
}
"""What is taken from moto: the name in a request's signature, and moto's name for it."""

INSIDE = "http://localhost"
NO_MACHINE_IMAGES = "MOTO_EC2_LOAD_DEFAULT_AMIS"
"""moto's switch for inventing a thousand machine images per region, which take a second and which nothing needs."""


class _Body:
    """A response body as botocore reads it from urllib3."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def read(self, amount: int | None = None, **_kwargs: Any) -> bytes:
        """Return the next ``amount`` bytes, or all that is left."""
        end = len(self._data) if amount is None else amount
        part, self._data = self._data[:end], self._data[end:]
        return part

    def stream(self, **_kwargs: Any) -> Any:
        """Yield what is left."""
        yield self.read()


class _Application(DomainDispatcherApplication):
    """moto goes through its own folders at each request, to see whether a host is a service; the answer is kept."""

    def __init__(self) -> None:
        super().__init__(create_backend_app)
        self._services: dict[str | None, Any] = {}

    def get_backend_for_host(self, host: str | None) -> Any:
        """Return moto's name for what answers under ``host``; there are some ten."""
        if host not in self._services:
            self._services[host] = super().get_backend_for_host(host)
        return self._services[host]


class SideServices:
    """moto's application under one account, and inner clients for each region."""

    def __init__(self, account: str) -> None:
        os.environ[NO_MACHINE_IMAGES] = "false"
        self._account = account
        self._application = _Application()
        self._regions: dict[str, RegionalServices] = {}

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        """Answer a request as a WSGI application."""
        environ["HTTP_X_MOTO_ACCOUNT_ID"] = self._account
        return self._application(environ, start_response)

    def at(self, region: str) -> "RegionalServices":
        """Return the inner clients of a region."""
        if region not in self._regions:
            self._regions[region] = RegionalServices(self, region)
        return self._regions[region]

    def send(self, request: AWSPreparedRequest, **_kwargs: Any) -> AWSResponse:
        """Answer a request of an inner client in this process; what moto stumbles over is a refusal."""
        try:
            response = Client(self).open(
                path=request.url.removeprefix(INSIDE),
                base_url=INSIDE,
                method=request.method,
                headers=[(name, _text(value)) for name, value in request.headers.items()],
                data=request.body,
            )
        except Exception as error:
            message = f"The value is not valid: {error}"
            raise ClientError({"Error": {"Code": "InvalidParameterValue", "Message": message}}, "Request") from error
        return AWSResponse(request.url, response.status_code, _headers(response.headers), _Body(response.data))

    def reset(self) -> None:
        """Forget all that the side services hold."""
        BackendDict.reset()


class RegionalServices:
    """Inner boto3 clients of one region, made when first asked for."""

    def __init__(self, services: SideServices, region: str) -> None:
        self.region = region
        self._services = services

    def client(self, service: str) -> Any:
        """Return the boto3 client for ``service``; its calls go to moto in this process. To be used at once."""
        _answering[:] = [self._services]
        return _client(service, self.region)


_answering: list[SideServices] = []
"""Whose inner clients were last asked for: one process runs one local AWS, but tests one after the other."""


def _answer(request: AWSPreparedRequest, **_event: Any) -> AWSResponse:
    return _answering[0].send(request)


@cache
def _client(service: str, region: str) -> Any:
    """Make a client, which takes some 50 ms, once per process."""
    client = _session().client(
        service,  # type: ignore[call-overload] # any service by name
        region_name=region,
        endpoint_url=INSIDE,
        config=Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"}),
    )
    client.meta.events.register("before-send", _answer)
    return client


@cache
def _session() -> boto3.session.Session:
    return boto3.session.Session(aws_access_key_id="local-aws", aws_secret_access_key="local-aws")  # noqa: S106 - names no account


def _text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else value


def _headers(headers: Headers) -> HTTPHeaders:
    found = HTTPHeaders()
    for name, value in headers:
        found[name] = value
    return found
