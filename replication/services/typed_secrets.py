"""Refusing what looks like a secret before it is kept: asked of every text that a person gives a service."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from deploy_engine.config.secret_shapes import secret_in
from deploy_engine.findings import Finding
from replication.errors import InvalidInput
from replication.services.inputs import input_finding


def refuse_typed_secrets(arguments: Mapping[str, Any]) -> None:
    """Raise `InvalidInput` with one finding for each argument that seems to hold a secret; none repeats the text."""
    findings = secret_findings(_texts(arguments))
    if findings:
        raise InvalidInput(findings)


def secret_findings(texts: Iterable[tuple[str, str]]) -> tuple[Finding, ...]:
    """One finding for each text, given with its place, that seems to hold a secret."""
    return tuple(
        input_finding(
            place,
            f"The {_in_words(place)} seems to hold {kind}. It would stay in the record for ever.",
            allowed="words without secrets",
            remedy="leave it out, and if it is a real one, replace it where it is in use: it was sent here",
        )
        for place, text in texts
        if (kind := secret_in(text))
    )


def _in_words(place: str) -> str:
    return place.partition("/")[0].replace("_", " ").replace("pasted", "pasted line")


def _texts(arguments: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Every text with its place: the argument's name, with the number of the line in a list; mappings are opened."""
    for name, value in arguments.items():
        if isinstance(value, str):
            yield f"{prefix}{name}", value
        elif isinstance(value, Mapping):
            yield from _texts({str(key): each for key, each in value.items()})
        elif isinstance(value, list | tuple):
            yield from _texts({str(number): each for number, each in enumerate(value)}, f"{prefix}{name}/")
