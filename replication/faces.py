"""What people see of a state: tone, symbol and meaning."""

from dataclasses import dataclass
from enum import StrEnum


class Tone(StrEnum):
    """How a state feels; the stylesheet gives each tone its colour, the template always adds the words."""

    NEUTRAL = "neutral"
    PROGRESS = "progress"
    GOOD = "good"
    WARNING = "warning"
    BAD = "bad"


@dataclass(frozen=True)
class Face:
    """What people see of a state: a symbol beside the word, the tone, and one sentence that explains it."""

    tone: Tone
    symbol: str
    meaning: str
