"""From the operator's addresses to Django's mail settings and the domain's webhooks."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote, urlsplit

from pydantic import SecretStr

from portal.configuration import Configuration
from replication.configuration import Webhook

PORTS = {"smtp": 587, "smtps": 465, "smtp+plain": 25}


def mail_server_from(url: SecretStr) -> dict[str, Any]:
    """Django's `EMAIL_…` settings; none for no URL. Raises `ValueError`, which does not repeat the URL."""
    text = url.get_secret_value()
    if not text:
        return {}
    parts = urlsplit(text)
    if parts.scheme not in PORTS or not parts.hostname:
        message = f"SLUICE_EMAIL_URL is no mail server's: it begins with one of {', '.join(PORTS)}:// and names a host"
        raise ValueError(message)
    return {
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or PORTS[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "smtp",
        "EMAIL_USE_SSL": parts.scheme == "smtps",
    }


def webhooks_from(configuration: Configuration) -> dict[str, Webhook]:
    """The webhooks by name."""
    return {
        name: Webhook(hook.url.get_secret_value(), hook.secret.get_secret_value(), hook.teams)
        for name, hook in configuration.webhooks.items()
    }
