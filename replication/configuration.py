"""What an operator may set about the domain's work, with its default; Django's settings override it by name."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings

OBSERVE_SECONDS = 15.0
"""`REPLICATION_OBSERVE_SECONDS`: how often each environment is looked at, for the pages."""

WATCHDOG_SECONDS = 15.0
"""`REPLICATION_WATCHDOG_SECONDS`: how often the watchdog looks for what was dropped."""

DEPLOYMENT_PACE = 1.0
"""`REPLICATION_DEPLOYMENT_PACE`: what the waits between two looks at a deployment are divided by."""


def is_fenced(environment: str) -> bool:
    """`REPLICATION_FENCED_ENVIRONMENTS`: whether AWS itself refuses late stops and starts in this environment.

    The deployer's role there must have the condition on the tag `sluice-fence` (docs/fence.md).
    """
    return environment in getattr(settings, "REPLICATION_FENCED_ENVIRONMENTS", ())


def observe_seconds() -> float:
    """The time between two looks at an environment."""
    return float(getattr(settings, "REPLICATION_OBSERVE_SECONDS", OBSERVE_SECONDS))


def watchdog_seconds() -> float:
    """The time between two rounds of the watchdog."""
    return float(getattr(settings, "REPLICATION_WATCHDOG_SECONDS", WATCHDOG_SECONDS))


def deployment_pace() -> float:
    """How much faster than real AWS a deployment is watched."""
    return float(getattr(settings, "REPLICATION_DEPLOYMENT_PACE", DEPLOYMENT_PACE))


@dataclass(frozen=True)
class Webhook:
    """An address that hears of what happens: in all teams, or in those named. Its secret signs every message."""

    url: str
    secret: str
    teams: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return "Webhook(…)"  # address and secret alike are secrets, and stay out of logs and errors


def webhooks() -> dict[str, Webhook]:
    """`REPLICATION_WEBHOOKS`: by name. Set by the operator only, and never kept in the database."""
    configured: dict[str, Webhook] = getattr(settings, "REPLICATION_WEBHOOKS", {})
    return configured


def sends_email() -> bool:
    """`REPLICATION_SENDS_EMAIL`: whether the operator named a mail server."""
    return bool(getattr(settings, "REPLICATION_SENDS_EMAIL", False))
