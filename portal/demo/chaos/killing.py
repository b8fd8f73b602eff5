"""Who dies when: SIGKILL for one process after the other, at moments that nobody chose."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from portal.demo.child import Child, Say
from portal.demo.running import RunningSluice

BETWEEN_KILLS_SECONDS = (2.0, 9.0)
DEAD_FOR_SECONDS = (0.0, 3.0)
"""How long until whoever looks after the processes has started one again."""

PATIENCE_SECONDS = 30.0
"""A kill waits so long for a deployment that is under way; then it strikes between two."""


@dataclass(frozen=True)
class Kill:
    """One of them."""

    name: str
    at: datetime


class Killer:
    """Kills `kills` times; the same `chance` gives the same victims after the same waits."""

    def __init__(
        self, running: RunningSluice, chance: random.Random, *, kills: int, under_way: Callable[[], bool], say: Say
    ) -> None:
        self._chance = chance
        self._kills = kills
        self._under_way = under_way
        self._say = say
        self._victims: tuple[Child, ...] = (running.worker, running.watchdog, running.broker, running.web)
        self.done: list[Kill] = []

    def run(self, stopping: threading.Event) -> None:
        """Kill until done, or until `stopping`."""
        while len(self.done) < self._kills and not stopping.wait(self._chance.uniform(*BETWEEN_KILLS_SECONDS)):
            victim = self._chance.choice(self._victims)
            self._wait_for_work(stopping)
            if not stopping.is_set():
                self._kill(victim)

    def counted(self) -> str:
        """How many of each, in words."""
        counts = Counter(kill.name for kill in self.done)
        return ", ".join(f"{name} {counts[name]}×" for name in sorted(counts))

    def _wait_for_work(self, stopping: threading.Event) -> None:
        waited = 0.0
        while not self._under_way() and waited < PATIENCE_SECONDS and not stopping.wait(0.2):
            waited += 0.2

    def _kill(self, victim: Child) -> None:
        victim.kill()
        self.done.append(Kill(victim.name, timezone.now()))
        self._say("chaos", f"kill {len(self.done)} of {self._kills}: {victim.name}")
        threading.Event().wait(self._chance.uniform(*DEAD_FOR_SECONDS))
        victim.start()
