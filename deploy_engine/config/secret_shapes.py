"""What a secret looks like: the shapes that give one away, wherever people type or write text.

No passwords enter Sluice, but people paste: a stack trace into a comment, a URL into a reason. What
is typed there stays in history, audit and git for ever, so it is refused before it is anywhere.
"""

from __future__ import annotations

import re

_KEYS = r"(?:secret|access|api|private)[_-]?key"
_NAMED = rf"(?:password|passwd|passphrase|pwd|{_KEYS}|(?:auth|session|access|refresh)[_-]?token)"
_KEY = r"[A-Za-z0-9/+]"
_ALONE = r"[A-Za-z0-9/+=_.-]"
_MIXED = rf"(?={_KEY}{{0,39}}[A-Z])(?={_KEY}{{0,39}}[a-z])(?={_KEY}{{0,39}}[0-9])"  # no hash is, and hardly any path

SHAPES: dict[str, re.Pattern[str]] = {
    "an AWS access key": re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"),
    "an AWS secret key": re.compile(rf"(?<!{_ALONE}){_MIXED}{_KEY}{{40}}(?!{_ALONE})"),
    "a private key": re.compile(r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----"),
    "a password": re.compile(rf"(?i)(?<![A-Za-z0-9]){_NAMED}[\"']?\s*=\s*[\"']?[^\s\"'&;<>{{}}$]{{4,}}"),
    "an address with a password in it": re.compile(r"(?i)\b[a-z][a-z0-9+.-]{1,20}://[^\s/:@]*:[^\s/@]+@"),
    "a token": re.compile(
        r"\b(?:gh[pousr]_[A-Za-z0-9]{36}|xox[abeoprs]-[A-Za-z0-9-]{20,}|eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.)"
    ),
}
"""Shape by name, most telling first. A secret's name (`sluice/<team>/…`, an ARN) has none of them."""


def secret_in(text: str) -> str:
    """What kind of secret `text` seems to hold, in words; empty where it seems to hold none."""
    return next((kind for kind, shape in SHAPES.items() if shape.search(text)), "")
