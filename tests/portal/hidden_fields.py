"""Filling in a page's forms as a browser would: what is hidden in them is sent along."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any


class _Hidden(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "input" and given.get("type") == "hidden" and given.get("name"):
            self.values[str(given["name"])] = given.get("value") or ""


def hidden_values(response: Any) -> dict[str, str]:
    """The hidden fields of the page, by their names."""
    parser = _Hidden()
    parser.feed(response.content.decode())
    return parser.values
