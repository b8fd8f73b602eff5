"""Under which name sign-ins are counted: people type passwords into the wrong field, and the counts are kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib.auth import get_user_model
from django.http import HttpRequest
from django.utils.crypto import salted_hmac


def throttled_name(request: HttpRequest, credentials: Mapping[str, Any] | None = None) -> str:
    """The name where somebody is called so; else a digest of it, by which the same slip is still the same."""
    typed = str((credentials or request.POST).get("username") or "")
    if get_user_model().objects.filter(username=typed).exists():
        return typed
    return f"unknown:{salted_hmac('sluice.throttled-name', typed).hexdigest()[:32]}"
