"""Who dies when: SIGKILL for one process after the other, at moments that nobody chose."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from portal.demo.child import Child, Say

BETWEEN_KILLS_SECONDS = (2.0, 9.0)
DEAD_FOR_SECONDS = (0.0, 3.0)
"""How long until whoever looks after the processes has started one again."""

PATIENCE_SECONDS = 30.0
"""A kill waits so long for a deployment that is under way; then it strikes between two."""


@dataclass(frozen=True)
class Kill:
    """One of them; `struck` are the phases of the deployments that were under way, none where it struck between two."""

    name: str
    at: datetime
    struck: tuple[str, ...] = ()


class Killer:
    """Kills `kills` times; the same `chance` gives the same victims after the same waits.

    Victims are drawn as cards are, all of them before any comes again, so that each gets its share of the kills.
    """

    def __init__(
        self,
        victims: Sequence[Child],
        chance: random.Random,
        *,
        kills: int,
        under_way: Callable[[], tuple[str, ...]],
        say: Say,
    ) -> None:
        self._chance = chance
        self._kills = kills
        self._under_way = under_way
        self._say = say
        self._victims = tuple(victims)
        self._deck: list[Child] = []
        self.done: list[Kill] = []

    def run(self, stopping: threading.Event) -> None:
        """Kill until done, or until `stopping`."""
        while len(self.done) < self._kills and not stopping.wait(self._chance.uniform(*BETWEEN_KILLS_SECONDS)):
            victim = self._drawn()
            self._wait_for_work(stopping)
            if not stopping.is_set():
                self._kill(victim, stopping)

    def counted(self) -> str:
        """How many of each, and in which phases of a deployment they struck, in words."""
        names = Counter(kill.name for kill in self.done)
        phases = Counter(phase for kill in self.done for phase in kill.struck or ("no deployment",))
        return f"{_counts(names)}; during {_counts(phases)}"

    def spared(self) -> list[str]:
        """Whom no kill struck while a deployment was under way: of them nothing is proven."""
        struck = {kill.name for kill in self.done if kill.struck}
        return [victim.name for victim in self._victims if victim.name not in struck]

    def _drawn(self) -> Child:
        if not self._deck:
            self._deck = self._chance.sample(self._victims, len(self._victims))
        return self._deck.pop()

    def _wait_for_work(self, stopping: threading.Event) -> None:
        waited = 0.0
        while not self._under_way() and waited < PATIENCE_SECONDS and not stopping.wait(0.2):
            waited += 0.2

    def _kill(self, victim: Child, stopping: threading.Event) -> None:
        struck = self._under_way()
        victim.kill()
        kill = Kill(victim.name, timezone.now(), struck)
        self.done.append(kill)
        self._say("chaos", f"kill {len(self.done)} of {self._kills}: {victim.name}, during {_words(kill)}")
        stopping.wait(self._chance.uniform(*DEAD_FOR_SECONDS))
        victim.start()


def _counts(counter: Counter[str]) -> str:
    return ", ".join(f"{name} {count}×" for name, count in sorted(counter.items()))


def _words(kill: Kill) -> str:
    return " and ".join(sorted(kill.struck)) or "no deployment"
