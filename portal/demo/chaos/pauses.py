"""What the kills cost: how much longer tasks stood still than in deployments that nobody disturbed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from statistics import median

from django.utils import timezone

from portal.demo.chaos.killing import Kill
from replication.models import Deployment
from replication.selectors.paused_time import Pause, pauses_of

PROMISED_SECONDS = 60.0
"""The most that the loss of one process may add to a pause (reliability: lease, grace, and a round of the watchdog)."""


@dataclass(frozen=True)
class Disturbed:
    """One pause during which processes were killed, and what it lasted longer than an undisturbed one."""

    deployment: int
    seconds: float
    added: float
    kills: tuple[str, ...]

    @property
    def within_promise(self) -> bool:
        """Whether each kill added no more than was promised."""
        return self.added <= PROMISED_SECONDS * len(self.kills)


@dataclass(frozen=True)
class Cost:
    """`calm` is the median of the undisturbed pauses in seconds."""

    calm: float
    undisturbed: int
    disturbed: tuple[Disturbed, ...]

    @property
    def worst(self) -> Disturbed | None:
        """The pause to which the most was added."""
        return max(self.disturbed, key=lambda pause: pause.added, default=None)


def cost_of(kills: Sequence[Kill], deployments: Collection[int]) -> Cost:
    """Hold every pause of the deployments against the kills that fell into it."""
    found: list[tuple[int, Pause, tuple[str, ...]]] = []
    for deployment in Deployment.objects.filter(pk__in=deployments).order_by("id"):
        for pause in pauses_of(tuple(deployment.journal.order_by("sequence")), deployment, now=timezone.now()):
            during = tuple(kill.name for kill in kills if pause.began <= kill.at <= pause.ended)
            found.append((deployment.pk, pause, during))
    calm = [pause.seconds for _, pause, during in found if not during]
    usual = median(calm) if calm else 0.0
    disturbed = tuple(
        Disturbed(key, pause.seconds, max(0.0, pause.seconds - usual), during) for key, pause, during in found if during
    )
    return Cost(usual, len(calm), disturbed)
