"""The ways of looking at history, as tabs."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

_TABS = {
    "timeline": "Timeline",
    "since": "Since my last shift",
    "compare": "Two moments",
    "as-of": "As of a moment",
    "retired": "Retired folders",
    "proof": "Proof",
    "git": "Git",
}


@dataclass(frozen=True)
class HistoryTab:
    """One way of looking."""

    label: str
    url: str
    current: bool


def history_tabs(current: str) -> list[HistoryTab]:
    """All of them, `current` marked; each is called like its address."""
    return [HistoryTab(label, reverse(f"history:{name}"), name == current) for name, label in _TABS.items()]
