"""The front door: one WSGI application that tells the services apart, as their signatures do.

DMS and CloudFormation are answered here; the side services by moto; the rest is refused in the caller's protocol.
Whatever goes wrong inside is answered as an AWS error, never as a page of HTML.
"""

import io
import logging
import re
import socket
import time
import uuid
from collections.abc import Callable, Iterable
from typing import Any

from werkzeug.wrappers import Request, Response

from deploy_engine.local_aws import control, time_line
from deploy_engine.local_aws.cloudformation.operations import CLOUDFORMATION
from deploy_engine.local_aws.contract import forms, refusals, side_requests, wire_json, wire_query
from deploy_engine.local_aws.contract.operations import BrokenContractError, OperationTable
from deploy_engine.local_aws.contract.rest_names import operation_name
from deploy_engine.local_aws.dms.operations import DMS
from deploy_engine.local_aws.errors import AwsError, unsupported
from deploy_engine.local_aws.faults import Fault
from deploy_engine.local_aws.recorder import RecordedCall
from deploy_engine.local_aws.side import authorisation, sessions
from deploy_engine.local_aws.side.demands import Call
from deploy_engine.local_aws.side.services import SERVICES
from deploy_engine.local_aws.world import World

log = logging.getLogger(__name__)
CREDENTIAL = re.compile(r"Credential=([^/]+)/\d+/([a-z0-9-]+)/([a-z0-9-]+)/aws4_request")
OWN: dict[str, OperationTable] = {"dms": DMS, "cloudformation": CLOUDFORMATION}
DEFAULT_REGION = "us-east-1"
BAD_REQUEST, SERVER_ERROR = 400, 500
StartResponse = Callable[..., Any]


class Gateway:
    """The WSGI application of one local AWS."""

    def __init__(self, world: World, *, check_responses: bool = False) -> None:
        """With ``check_responses``, an answer that botocore's model does not allow becomes an InternalFailure."""
        self.world = world
        self.check_responses = check_responses
        self.broken: list[str] = []

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        if environ.get("PATH_INFO", "").startswith("/_sluice/"):
            response = control.answer(self, Request(environ))
            return response(environ, start_response)
        key, _, service = _signature(environ)
        length = environ.get("CONTENT_LENGTH")
        body = environ["wsgi.input"].read(int(length)) if length else b""
        if length:
            environ["wsgi.input"] = io.BytesIO(body)
        operation = _operation(environ, service, body)
        fault = self.world.faults.for_call(service, operation)
        if fault is not None and fault.kind in ("drop-before", "timeout-before"):
            self._record(service, operation, key, fault.kind)
            return _drop(environ, start_response, fault)
        if fault is not None and fault.kind in ("throttle", "refuse"):
            error = _fault_error(service, fault)
            self._record(service, operation, key, error.code)
            return _refusal(environ, service, error)(environ, start_response)
        with self.world.lock:
            self._catch_up()
            if service in OWN:
                response = self._own(environ, service, operation, body)
            elif service in SERVICES:
                response = self._side(environ, service, operation, body)
            else:
                response = _refusal(environ, service, unsupported(f"the service {service}"))
        self._record(service, operation, key, response.headers.get("x-amzn-errortype", ""))
        if fault is not None:
            return _drop(environ, start_response, fault)
        return response(environ, start_response)

    def _catch_up(self) -> None:
        """Bring the world up to now; a defect in an engine must not take the whole server down."""
        try:
            time_line.advance(self.world)
        except Exception as error:
            log.exception("the engine failed")
            self.broken.append(f"engine: {error!r}")

    def _own(self, environ: dict[str, Any], service: str, operation: str, body: bytes) -> Response:
        key, region_name, _ = _signature(environ)
        table, region = OWN[service], self.world.region(region_name)
        request_id = str(uuid.uuid4())
        try:
            model = table.operation_model(operation)
            if service == "dms":
                members = wire_json.decode(body)
            else:
                members = forms.decode(model.input_shape, wire_query.fields(body))
            authorisation.check(region, key, Call(service, operation, members))
            result = table.call(region, operation, members, check_response=self.check_responses)
            if service == "dms":
                text, kind = wire_json.encode(result), wire_json.CONTENT_TYPE
            else:
                text, kind = wire_query.encode(model, result, request_id), wire_query.CONTENT_TYPE
        except AwsError as error:
            return _refusal(environ, service, error)
        except BrokenContractError as error:
            self.broken.append(str(error))
            return _refusal(environ, service, AwsError("InternalFailure", str(error), SERVER_ERROR))
        except Exception as error:
            log.exception("%s %s failed", service, operation)
            self.broken.append(f"{service} {operation}: {error!r}")
            return _refusal(environ, service, AwsError("InternalFailure", "The local AWS failed.", SERVER_ERROR))
        return Response(text, content_type=kind, headers={"x-amzn-RequestId": request_id})

    def _side(self, environ: dict[str, Any], service: str, operation: str, body: bytes) -> Response:
        """Let moto answer what botocore's model allows; what moto cannot answer is refused as AWS would."""
        assuming = (service, operation) == ("sts", "AssumeRole")
        key, region_name, _ = _signature(environ)
        region = self.world.region(region_name)
        try:
            members = side_requests.checked(SERVICES[service], operation, environ, body)
            authorisation.check(region, key, Call(service, operation, members, environ.get("PATH_INFO", "")))
            if assuming:
                sessions.check_may_assume(region.side, members)
            response = Response.from_app(self.world.side, environ, buffered=True)
        except AwsError as error:
            return _refusal(environ, service, error)
        except Exception as error:
            log.info("moto does not take %s:%s: %r", service, operation, error)
            return _refusal(environ, service, unsupported(f"this request of {service}:{operation} ({error!r})"))
        if service == "iam":
            self.world.statements.clear()
        if response.status_code >= SERVER_ERROR:
            return _refusal(environ, service, unsupported(f"this request of {service}:{operation}"))
        if assuming and response.status_code < BAD_REQUEST:
            self.world.sessions.remember(members, response.get_data(as_text=True))
        return response

    def _record(self, service: str, operation: str, key: str, error: str) -> None:
        clock = self.world.clock
        self.world.recorder.record(RecordedCall(clock.shown(clock.now()), service, operation, key, error))


def _signature(environ: dict[str, Any]) -> tuple[str, str, str]:
    """Return access key, region and service of a request, from its signature or, without one, from its form."""
    found = CREDENTIAL.search(environ.get("HTTP_AUTHORIZATION", ""))
    if found is None:
        found = CREDENTIAL.search(environ.get("QUERY_STRING", "").replace("%2F", "/").replace("X-Amz-", ""))
    if found is not None:
        return found.group(1), found.group(2), found.group(3)
    target = environ.get("HTTP_X_AMZ_TARGET", "")
    return "", DEFAULT_REGION, "dms" if target.startswith("AmazonDMS") else "s3"


def _operation(environ: dict[str, Any], service: str, body: bytes) -> str:
    target = str(environ.get("HTTP_X_AMZ_TARGET", ""))
    if target:
        return target.rpartition(".")[2]
    if service == "s3":
        headers = {name[5:].lower().replace("_", "-") for name in environ if name.startswith("HTTP_")}
        return operation_name(environ["REQUEST_METHOD"], environ["PATH_INFO"], environ["QUERY_STRING"], headers)
    if "rpc-v2" in environ.get("HTTP_SMITHY_PROTOCOL", ""):
        return str(environ.get("PATH_INFO", "")).rpartition("/")[2]
    try:
        return wire_query.fields(body).get("Action", "")
    except AwsError:
        return ""


def _fault_error(service: str, fault: Fault) -> AwsError:
    if fault.kind == "refuse":
        return AwsError(fault.code, fault.message, fault.status)
    code = "Throttling" if service == "cloudformation" else "ThrottlingException"
    return AwsError(code, "Rate exceeded")


def _refusal(environ: dict[str, Any], service: str, error: AwsError) -> Response:
    protocol = side_requests.protocol_of(SERVICES.get(service, service), environ)
    body, headers = refusals.encoded(service, protocol, error)
    return Response(body, status=error.status, headers=headers)


def _drop(environ: dict[str, Any], start_response: StartResponse, fault: Fault) -> Iterable[bytes]:
    """Close the connection without an answer, for a timeout only after a while of real time."""
    if fault.kind.startswith("timeout"):
        time.sleep(fault.seconds)
    connection = environ.get("werkzeug.socket")
    if connection is not None:
        connection.shutdown(socket.SHUT_RDWR)
    raise ConnectionAbortedError("a fault was asked for")
