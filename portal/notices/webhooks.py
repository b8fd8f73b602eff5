"""Posting a message to a webhook: JSON that Slack and its likes show, signed so that others can trust it.

The signature stands in `Sluice-Signature: t=<unix time>,v1=<hex>`: HMAC-SHA256 over `<unix time>.<body>` with the
webhook's secret. The time lets a receiver refuse a message that somebody recorded and sends again.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from portal.notices.messages import Message
from replication.configuration import Webhook

TIMEOUT_SECONDS = 10


class WebhookRefused(Exception):
    """The other side did not take it; the words name no address, which may be a secret."""


def payload_of(message: Message) -> bytes:
    """The body: `text` for whoever shows one text, `lines` for programs."""
    text = "\n".join(f"{_escaped(line.sentence)} <{line.url}|open>" for line in message.lines)
    lines = [{"sentence": line.sentence, "url": line.url} for line in message.lines]
    return json.dumps({"text": text, "lines": lines}, ensure_ascii=False).encode()


def signature_of(secret: str, at: int, body: bytes) -> str:
    """The header's value."""
    digest = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={digest}"


def webhook_post(hook: Webhook, message: Message, *, at: int) -> None:
    """Post it; a redirect is no acceptance. Raises :class:`WebhookRefused`."""
    parts = urlsplit(hook.url)
    connect = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    body = payload_of(message)
    path = f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
    headers = {"Content-Type": "application/json", "Sluice-Signature": signature_of(hook.secret, at, body)}
    connection = connect(parts.hostname or "", parts.port, timeout=TIMEOUT_SECONDS)
    try:
        connection.request("POST", path, body, headers)
        status = connection.getresponse().status
    except (OSError, HTTPException) as error:
        raise WebhookRefused(f"no answer ({type(error).__name__})") from None
    finally:
        connection.close()
    if not 200 <= status < 300:
        raise WebhookRefused(f"it answered HTTP {status}")


def _escaped(text: str) -> str:
    """Slack reads these three as mark-up; names from users stay names."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
