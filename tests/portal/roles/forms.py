"""The forms that stand on a page, as a browser would send them."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

TEXT_TYPES = frozenset({"text", "search", "email", "url", "tel", ""})


@dataclass
class PageForm:
    """One form: where it goes, what it would send untouched, and the fields into which people type."""

    action: str
    method: str
    values: dict[str, str] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self, address: str) -> None:
        super().__init__()
        self._address = address
        self._textarea = ""
        self._select = ""
        self.forms: list[PageForm] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(PageForm(given.get("action") or self._address, given.get("method", "get").lower()))
        elif self.forms and given.get("name", self._select):
            self._field(tag, given)

    def _field(self, tag: str, given: dict[str, str]) -> None:
        form, name, kind = self.forms[-1], given.get("name", ""), given.get("type", "")
        if tag == "textarea":
            form.texts.append(name)
            form.values[name], self._textarea = "", name
        elif tag == "select":
            form.values[name], self._select = "", name
        elif tag == "option" and (not form.values[self._select] or "selected" in given):
            form.values[self._select] = given.get("value", "")
        elif tag == "input" and kind in TEXT_TYPES:
            form.texts.append(name)
            form.values[name] = given.get("value", "")
        elif tag == "input" and (kind not in {"checkbox", "radio", "password"} or "checked" in given):
            form.values[name] = given.get("value", "on")

    def handle_data(self, data: str) -> None:
        if self._textarea:
            self.forms[-1].values[self._textarea] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._textarea = ""
        elif tag == "select":
            self._select = ""


def forms_of(page: str, address: str) -> list[PageForm]:
    """Every form of the page."""
    reader = _Reader(address)
    reader.feed(page)
    return reader.forms
