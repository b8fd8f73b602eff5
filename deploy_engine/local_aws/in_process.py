"""A client's calls answered in the caller's own process: the gateway behind botocore, without HTTP and its sockets.

    session.register("before-send", InProcess(gateway))

Everything else of the client's work is real: parameters are checked, requests signed and answers parsed.
"""

import io
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from werkzeug.test import create_environ, run_wsgi_app

from deploy_engine.local_aws.gateway import Gateway

if TYPE_CHECKING:
    from botocore.awsrequest import AWSPreparedRequest


class Raw(io.BytesIO):
    """A body as botocore reads it from a socket."""

    def stream(self, amt: int = 65_536, decode_content: bool = False) -> Any:
        """Yield the body in pieces."""
        while piece := self.read(amt):
            yield piece


class InProcess:
    """Answers requests that botocore is about to send."""

    def __init__(self, gateway: Gateway) -> None:
        """Answer from ``gateway``."""
        self._gateway = gateway

    def __call__(self, request: "AWSPreparedRequest", **_: Any) -> AWSResponse:
        """Return the answer; botocore then sends nothing."""
        address = urlsplit(request.url)
        environ = create_environ(
            path=address.path or "/",
            base_url=f"{address.scheme}://{address.netloc}/",
            query_string=address.query,
            method=request.method,
            headers={name: _text(value) for name, value in request.headers.items()},
            data=_body(request.body),
        )
        content, status, headers = run_wsgi_app(self._gateway, environ, buffered=True)
        raw = Raw(b"".join(content))
        return AWSResponse(request.url, int(status.split()[0]), HTTPHeaders.from_dict(dict(headers.items())), raw)


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)


def _body(body: Any) -> bytes:
    if body is None:
        return b""
    if isinstance(body, str):
        return body.encode()
    return bytes(body) if isinstance(body, bytes | bytearray) else bytes(body.read())
