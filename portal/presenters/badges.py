"""State badges: from a state of `replication.choices` to the context of `components/state_badge.html`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from replication.choices import Face


class StateWithFace(Protocol):
    """A member of one of the domain's lists of states."""

    @property
    def label(self) -> Any:
        """The state's word, for people."""

    @property
    def face(self) -> Face:
        """Its symbol, tone and meaning."""


@dataclass(frozen=True)
class Badge:
    """What the badge shows: a word, its tone, a symbol of one character, and a sentence for who points at it."""

    label: str
    tone: str
    symbol: str
    meaning: str = ""


def badge_for(state: StateWithFace) -> Badge:
    """The badge of any state that the domain declares a face for."""
    face = state.face
    return Badge(label=str(state.label), tone=face.tone, symbol=face.symbol, meaning=face.meaning)
