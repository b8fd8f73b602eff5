"""Links to the neighbouring pages, for `components/pagination.html`; the addresses keep the filters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page
from django.http import QueryDict


@dataclass(frozen=True)
class PageLinks:
    """An address that is empty hides its button."""

    words: str
    newer_url: str = ""
    older_url: str = ""
    newer_words: str = ""
    older_words: str = ""


def address_with(query: QueryDict, **changes: str) -> str:
    """`?…` with some parameters changed; an empty value drops its parameter."""
    changed = query.copy()
    for name, value in changes.items():
        changed.pop(name, None)
        if value:
            changed[name] = value
    return f"?{changed.urlencode()}"


def links_of(page: Page[Any], query: QueryDict, *, noun: str) -> PageLinks:
    """Links of a numbered page: "60 tables, 1 to 25"."""
    count = page.paginator.count
    words = f"{count} {noun}{'' if count == 1 else 's'}"
    if page.has_other_pages():
        words += f", {page.start_index()} to {page.end_index()}"
    return PageLinks(
        words=words,
        newer_url=address_with(query, page=str(page.previous_page_number())) if page.has_previous() else "",
        older_url=address_with(query, page=str(page.next_page_number())) if page.has_next() else "",
        newer_words="Previous",
        older_words="Next",
    )
