"""What browsers are told, and how cookies are guarded: Django's settings that follow from how Sluice is reached."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from csp.constants import NONE, SELF

POLICY = {
    "default-src": [NONE],
    "script-src": [SELF],
    "style-src": [SELF],
    "img-src": [SELF],
    "connect-src": [SELF],
    "form-action": [SELF],
    "frame-ancestors": [NONE],
    "base-uri": [NONE],
}
"""The content security policy, without an exception."""


def cookie_name(name: str, *, serves_https: bool) -> str:
    """Over HTTPS cookies are called `__Host-…`: a browser takes those from this very host alone."""
    return f"__Host-{name}" if serves_https else f"sluice-{name}"


def browser_settings(*, serves_https: bool, behind_proxy: bool) -> dict[str, Any]:
    """Django's own settings, by their names."""
    a_year = int(timedelta(days=365).total_seconds())
    return {
        "SESSION_COOKIE_NAME": cookie_name("session", serves_https=serves_https),
        "CSRF_COOKIE_NAME": cookie_name("csrf", serves_https=serves_https),
        "CONTENT_SECURITY_POLICY": {"DIRECTIVES": POLICY},
        "X_FRAME_OPTIONS": "DENY",
        "SECURE_REFERRER_POLICY": "same-origin",
        "SECURE_CONTENT_TYPE_NOSNIFF": True,
        "SECURE_CROSS_ORIGIN_OPENER_POLICY": "same-origin",
        "SESSION_COOKIE_SECURE": serves_https,
        "CSRF_COOKIE_SECURE": serves_https,
        "SESSION_COOKIE_HTTPONLY": True,
        "CSRF_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "CSRF_COOKIE_SAMESITE": "Lax",
        "SECURE_SSL_REDIRECT": serves_https,
        "SECURE_REDIRECT_EXEMPT": [r"^health/$"],  # load balancers ask it over plain HTTP
        "SECURE_HSTS_SECONDS": a_year if serves_https else 0,
        "SECURE_HSTS_INCLUDE_SUBDOMAINS": serves_https,
        "SECURE_HSTS_PRELOAD": serves_https,
        "SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https") if serves_https and behind_proxy else None,
    }
