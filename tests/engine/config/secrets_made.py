"""Secrets that open nothing, put together here so that none stands in a file."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

_UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_LOWER = _UPPER.lower()
_DIGITS = "0123456789"


def _of(alphabet: str, length: int) -> SearchStrategy[str]:
    return st.text(st.sampled_from(alphabet), min_size=length, max_size=length)


SECRETS: dict[str, SearchStrategy[str]] = {
    "an AWS access key": st.tuples(st.sampled_from(["AKIA", "ASIA"]), _of(_UPPER + _DIGITS, 16)).map("".join),
    "an AWS secret key": _of(_UPPER + _LOWER + _DIGITS + "/+", 37).map(lambda rest: f"aB3{rest}"),
    "a private key": st.sampled_from(["", "RSA ", "EC ", "OPENSSH "]).map(
        lambda kind: f"-----BEGIN {kind}PRIVATE KEY-----\nMIIE"
    ),
    "a password": st.tuples(
        st.sampled_from(["password", "DB_PASSWORD", "api_key", "pwd"]), st.just("="), _of(_LOWER + _DIGITS, 9)
    ).map("".join),
    "an address with a password in it": st.tuples(
        st.sampled_from(["postgresql", "https", "redis"]), _of(_LOWER + _DIGITS, 9)
    ).map(lambda parts: f"{parts[0]}://user:{parts[1]}@db.example"),
    "a token": _of(_UPPER + _LOWER + _DIGITS, 36).map(lambda rest: f"gh{'p'}_{rest}"),
}
