"""Breadcrumbs: where a page stands, for `components/breadcrumbs.html`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Crumb:
    """One place on the way; the page itself has no address."""

    label: str
    url: str


def crumbs(*places: tuple[str, str]) -> list[Crumb]:
    """Places as (label, address), from the section down to the page itself, whose address is empty."""
    return [Crumb(label, url) for label, url in places]
