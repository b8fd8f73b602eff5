"""A refusal as each protocol words it, so that botocore reads code and message whatever service was asked."""

import uuid
from xml.sax.saxutils import escape

from deploy_engine.local_aws.contract import wire_cbor, wire_json, wire_query
from deploy_engine.local_aws.contract.shapes import service_model
from deploy_engine.local_aws.errors import AwsError

XML = "text/xml"
NAMESPACES = {"monitoring": "http://monitoring.amazonaws.com/doc/2010-08-01/"}


def encoded(service: str, protocol: str, error: AwsError) -> tuple[bytes, dict[str, str]]:
    """Return body and headers of a refusal by ``service`` (as signatures name it)."""
    request_id = str(uuid.uuid4())
    headers = {"x-amzn-RequestId": request_id, "x-amzn-errortype": error.code}
    text = f"<Code>{escape(error.code)}</Code><Message>{escape(wire_query.printable(error.message))}</Message>"
    match protocol:
        case "json":
            return wire_json.encode_error(error), {**headers, "Content-Type": wire_json.CONTENT_TYPE}
        case "cbor":
            name, value = wire_cbor.PROTOCOL_HEADER
            return wire_cbor.encode_error(error), {**headers, "Content-Type": wire_cbor.CONTENT_TYPE, name: value}
        case "ec2":
            xml = f"<Response><Errors><Error>{text}</Error></Errors><RequestID>{request_id}</RequestID></Response>"
            return xml.encode(), {**headers, "Content-Type": XML}
        case "rest-xml":
            xml = f"<Error>{text}<RequestId>{request_id}</RequestId></Error>"
            return xml.encode(), {**headers, "Content-Type": XML}
    body = wire_query.encode_error(error, _namespace(service), request_id)
    return body, {**headers, "Content-Type": wire_query.CONTENT_TYPE}


def _namespace(service: str) -> str:
    if service in NAMESPACES:
        return NAMESPACES[service]
    known = service if service in ("sts", "iam", "sns") else "cloudformation"
    return str(service_model(known).metadata["xmlNamespace"])
