"""What a name may look like: the allow-lists of the config language.

Names from users travel into JSON, CloudFormation, Jinja, git, HTML and S3 paths. Instead of escaping them for each, the
language accepts only what none of these can read as anything but a name; each pattern is matched in full.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Annotated

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

PROBLEM = "sluice"
"""The type of the errors raised here; their context carries ``allowed`` and ``remedy`` for the finding."""

MAX_TEXT = 200
_TEAM = re.compile(r"[a-z][a-z0-9]{1,19}")
_RESERVED_TEAMS = frozenset({"base", "sluice"})
"""``base`` would name the base stack, ``sluice`` the lake endpoints (see physical_names.py)."""
SLUG = r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*"
MAX_SLUG = 30
TABLE_NAME = r"[A-Za-z0-9_][A-Za-z0-9_-]{0,62}"
_SLUG = re.compile(SLUG)
_TABLE = re.compile(TABLE_NAME)
_SECRET = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*(?:/[A-Za-z0-9_][A-Za-z0-9_.-]*)*")
_BUCKET = re.compile(r"[a-z0-9][a-z0-9-]{1,61}[a-z0-9]")
_CODE_MARKS = ("{{", "}}", "${", "<<<", ">>>", "{%", "%}")


def problem(message: str, allowed: str, remedy: str) -> PydanticCustomError:
    """An error of the language in words; pydantic carries it to where findings are made."""
    context = {"message": message, "allowed": allowed, "remedy": remedy}
    return PydanticCustomError(PROBLEM, "{message}", context)


def _matched(pattern: re.Pattern[str], text: str, what: str, allowed: str, longest: int = MAX_TEXT) -> str:
    if len(text) > longest or not pattern.fullmatch(text):
        shown = text if len(text) <= 60 else text[:60] + "…"
        raise problem(f"{shown!r} is no {what}", allowed, f"use {allowed}")
    return text


def check_team_slug(text: str) -> str:
    allowed = "2 to 20 lower-case letters and digits, a letter first"
    if text in _RESERVED_TEAMS:
        raise problem(f"{text!r} is reserved for what teams share", allowed, "choose another slug for the team")
    return _matched(_TEAM, text, "team slug", allowed)


def check_slug(text: str) -> str:
    allowed = f"lower-case letters and digits in parts joined by single hyphens, a letter first, at most {MAX_SLUG}"
    return _matched(_SLUG, text, "slug", allowed, MAX_SLUG)


def check_table_name(text: str) -> str:
    """A schema's or table's name; wildcards and everything that DMS could read as a pattern are refused."""
    allowed = "1 to 63 letters, digits, underscores and hyphens, no hyphen first; no wildcards"
    return _matched(_TABLE, text, "schema or table name", allowed)


def check_secret_name(text: str) -> str:
    allowed = "a Secrets Manager name such as sluice/food/fooddb: letters, digits, _ . - in parts joined by /"
    if ".." in text:
        raise problem(f"{text!r} is no secret name", allowed, f"use {allowed}")
    return _matched(_SECRET, text, "secret name", allowed)


def check_bucket_name(text: str) -> str:
    return _matched(_BUCKET, text, "bucket name", "3 to 63 lower-case letters, digits and hyphens")


def check_plain_text(text: str) -> str:
    """Text for people (titles, contacts): anything printable that no template language could execute."""
    allowed = f"1 to {MAX_TEXT} printable characters without template marks such as {{{{ or ${{"
    bad = (
        not text.strip()
        or len(text) > MAX_TEXT
        or any(unicodedata.category(character).startswith("C") for character in text)
        or any(mark in text for mark in _CODE_MARKS)
        or unicodedata.normalize("NFC", text) != text
    )
    if bad:
        raise problem(f"{text[:60]!r} is not plain text", allowed, f"use {allowed}")
    return text


Slug = Annotated[str, AfterValidator(check_slug)]
SecretName = Annotated[str, AfterValidator(check_secret_name)]
BucketName = Annotated[str, AfterValidator(check_bucket_name)]
PlainText = Annotated[str, AfterValidator(check_plain_text)]
