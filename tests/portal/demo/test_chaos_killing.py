"""Who is killed when: everybody gets a share, and who was spared while deployments were under way is told."""

from __future__ import annotations

import random
import threading
from collections import Counter

from portal.demo.chaos.killing import Killer
from portal.demo.child import Child

NAMES = ("worker", "watchdog", "broker", "web")


class Immortal(Child):
    """Is killed and started without being a process."""

    def __init__(self, name: str) -> None:
        super().__init__(name, [], environment={}, directory=None, say=None)  # type: ignore[arg-type]
        self.told: list[str] = []

    def start(self) -> None:
        self.told.append("start")

    def kill(self) -> None:
        self.told.append("kill")


class NoWaiting(threading.Event):
    """An event on which nobody waits."""

    def wait(self, timeout: float | None = None) -> bool:
        return self.is_set()


def _killer(kills: int, *phases: str) -> tuple[Killer, list[Immortal]]:
    victims = [Immortal(name) for name in NAMES]
    chance = random.Random(1)  # noqa: S311 - repeatable
    return Killer(victims, chance, kills=kills, under_way=lambda: phases, say=lambda who, what: None), victims


def test_killer__ten_kills__each_process_gets_its_share_and_is_started_again() -> None:
    killer, victims = _killer(10, "pause", "verify")

    killer.run(NoWaiting())

    counts = Counter(kill.name for kill in killer.done)
    assert set(counts) == set(NAMES)
    assert max(counts.values()) - min(counts.values()) <= 1
    assert all(victim.told == ["kill", "start"] * counts[victim.name] for victim in victims)
    assert killer.counted().endswith("during pause 10×, verify 10×")
    assert killer.spared() == []


def test_killer__no_deployment_under_way__says_that_all_were_spared() -> None:
    killer, _ = _killer(4)

    killer.run(NoWaiting())

    assert killer.counted().endswith("during no deployment 4×")
    assert killer.spared() == list(NAMES)
