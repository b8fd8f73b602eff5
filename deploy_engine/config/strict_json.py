"""Strict JSON: a key twice, text after the value, NaN and endless nesting are errors with their place.

Python's ``json`` forgives the first and the third silently; a config language that people review must not.
"""

from __future__ import annotations

import json
from typing import Any, NoReturn

MAX_CHARACTERS = 4_000_000
"""No config file of a real company comes near; a larger one is refused before it is parsed."""


class JsonProblem(Exception):
    """Text that is not strict JSON: ``pointer`` (RFC 6901) or line and column in ``message`` say where."""

    def __init__(self, message: str, *, pointer: str = "", allowed: str = "", remedy: str = "") -> None:
        self.message = message
        self.pointer = pointer
        self.allowed = allowed
        self.remedy = remedy
        super().__init__(message)


class _KeyTwice(dict[str, Any]):
    """Marks an object in which ``key`` stood twice, until its place in the whole is known."""

    def __init__(self, key: str) -> None:
        self.key = key
        super().__init__()


def pointer_of(parts: tuple[str | int, ...]) -> str:
    """A JSON pointer from the steps that lead to a place."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value: dict[str, Any] = {}
    for key, item in pairs:
        if key in value:
            return _KeyTwice(key)
        value[key] = item
    return value


def _no_constant(text: str) -> NoReturn:
    raise JsonProblem(f"{text} is not JSON", allowed="numbers", remedy="write a number")


def _refuse_keys_twice(value: Any, path: tuple[str | int, ...]) -> None:
    if isinstance(value, _KeyTwice):
        place = pointer_of((*path, value.key))
        raise JsonProblem(
            f"the key {value.key[:60]!r} stands twice",
            pointer=place,
            allowed="each key once",
            remedy="remove one of the two",
        )
    items: Any = ()
    if isinstance(value, dict):
        items = value.items()
    elif isinstance(value, list):
        items = enumerate(value)
    for step, item in items:
        _refuse_keys_twice(item, (*path, step))


def read_strict_json(text: str) -> Any:
    """The value that ``text`` is; raises :class:`JsonProblem` for anything that is not strict JSON."""
    if len(text) > MAX_CHARACTERS:
        allowed = f"at most {MAX_CHARACTERS:,} characters"
        raise JsonProblem(f"the file has {len(text):,} characters", allowed=allowed, remedy="split the file")
    try:
        value = json.loads(text, object_pairs_hook=_object, parse_constant=_no_constant)
        _refuse_keys_twice(value, ())
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        message = (
            f"text after the end of the JSON value at {where}"
            if error.msg == "Extra data"
            else f"malformed JSON at {where}: {error.msg}"
        )
        raise JsonProblem(message, allowed="one JSON value", remedy="mend the JSON there") from None
    except RecursionError:
        raise JsonProblem("the JSON is nested too deeply", allowed="a config", remedy="flatten it") from None
    except ValueError as error:
        raise JsonProblem(f"malformed JSON: {error}", allowed="one JSON value", remedy="mend the JSON") from None
    return value
