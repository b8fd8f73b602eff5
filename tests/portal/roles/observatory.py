"""What a public scanner of headers would say of an answer: Mozilla's Observatory, by its published modifiers.

It starts at 100, takes off for each thing that is missing, and gives extra for what is exemplary, but only from 90 on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from http.cookies import Morsel

A_PLUS = 100
HALF_A_YEAR = 15_768_000
EXTRA_FROM = 90


def score(headers: Mapping[str, str], cookies: Iterable[Morsel[str]], *, session_cookies: Iterable[str]) -> int:
    """The score of one answer over HTTPS, without what only a list in browsers gives (preloaded HSTS)."""
    policy = _policy(headers.get("Content-Security-Policy", ""))
    scored = (
        _of_policy(policy),
        _of_transport(headers.get("Strict-Transport-Security", "")),
        _of_framing(headers, policy),
        0 if headers.get("X-Content-Type-Options") == "nosniff" else -5,
        _of_referrer(headers.get("Referrer-Policy", "")),
        10 if headers.get("Cross-Origin-Resource-Policy") in {"same-origin", "same-site"} else 0,
        _of_cookies(list(cookies), set(session_cookies)),
    )
    taken = A_PLUS + sum(each for each in scored if each < 0)
    return taken + sum(each for each in scored if each > 0) if taken >= EXTRA_FROM else max(taken, 0)


def _policy(header: str) -> dict[str, list[str]]:
    directives = [part.split() for part in header.split(";") if part.strip()]
    return {name: values for name, *values in directives}


def _of_policy(policy: dict[str, list[str]]) -> int:
    if not policy:
        return -25
    for name in ("script-src", "style-src", "object-src"):
        values = policy.get(name, policy.get("default-src", ["*"]))
        if {"'unsafe-inline'", "'unsafe-eval'", "*", "http:", "https:", "data:"} & set(values):
            return -20
    return 10 if policy.get("default-src") == ["'none'"] else 5


def _of_transport(header: str) -> int:
    found = [part.partition("=")[2] for part in header.replace(" ", "").split(";") if part.startswith("max-age=")]
    if not found:
        return -20
    return 0 if int(found[0]) >= HALF_A_YEAR else -10


def _of_framing(headers: Mapping[str, str], policy: dict[str, list[str]]) -> int:
    if policy.get("frame-ancestors") in (["'none'"], ["'self'"]):
        return 5
    return 0 if headers.get("X-Frame-Options") in {"DENY", "SAMEORIGIN"} else -20


def _of_referrer(header: str) -> int:
    private = {"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"}
    return 5 if header in private else (-5 if header == "unsafe-url" else 0)


def _of_cookies(cookies: list[Morsel[str]], session_cookies: set[str]) -> int:
    if any(not cookie["secure"] for cookie in cookies):
        return -40 if any(not cookie["secure"] for cookie in cookies if cookie.key in session_cookies) else -20
    if any(not cookie["httponly"] for cookie in cookies if cookie.key in session_cookies):
        return -30
    return 5 if cookies and all(cookie["samesite"] for cookie in cookies) else 0
