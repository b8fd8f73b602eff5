"""Long lists, a part at a time: the first lines, and an address that shows all of them page by page, without a script.

How far somebody looks stands in the address (`?all-effects=2`), under a name of the list's own: several lists of one
page unfold by themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from portal.presenters.pages import address_with

PER_PAGE = 100
NOT_OF_PAGES = ("seen", "document")
"""What the live parts of a page ask with, and the page itself does not know."""


@dataclass(frozen=True)
class Part:
    """What is shown of a list; an address that is empty hides its link."""

    shown: Sequence[Any]
    total: int
    words: str = ""
    all_url: str = ""
    earlier_url: str = ""
    later_url: str = ""
    few_url: str = ""

    @property
    def folded(self) -> bool:
        """Whether there is more than is shown."""
        return len(self.shown) < self.total


def fold(items: Sequence[Any], name: str, query: QueryDict, *, first: int, newest: bool = False) -> Part:
    """The first `first` items (`newest`: the last ones), or the page of all of them that `query` asks for."""
    total, key = len(items), f"all-{name}"
    if total <= first:
        return Part(items, total)
    plain = query.copy()
    for word in NOT_OF_PAGES:
        plain.pop(word, None)
    text = plain.get(key, "")
    pages = -(-total // PER_PAGE)
    page = min(int(text), pages) if text.isascii() and text.isdigit() and len(text) < 8 else 0
    if page < 1:
        shown = items[-first:] if newest else items[:first]
        last = str(pages if newest else 1)
        words = f"{'The newest' if newest else 'The first'} {first} of {total}."
        return Part(shown, total, words, all_url=address_with(plain, **{key: last}))
    begin = (page - 1) * PER_PAGE
    shown = items[begin : begin + PER_PAGE]
    return Part(
        shown,
        total,
        f"{begin + 1} to {begin + len(shown)} of {total}.",
        earlier_url=address_with(plain, **{key: str(page - 1)}) if page > 1 else "",
        later_url=address_with(plain, **{key: str(page + 1)}) if page < pages else "",
        few_url=address_with(plain, **{key: ""}),
    )
