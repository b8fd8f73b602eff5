"""How deployments stand, and what incidents are about; part of `replication.choices`, which everybody imports."""

from typing import Any

from django.db import models

from replication.faces import Face, Tone


class DeploymentState(models.TextChoices):
    """How a deployment stands, for people; the engine's own phase stands beside it in `Deployment.phase`."""

    QUEUED = "queued", "waiting for its turn"
    RUNNING = "running", "running"
    DONE = "done", "done"
    REFUSED = "refused", "refused before it touched anything"
    FAILED_SAFE = "failed_safe", "failed, everything as before"
    HALF = "half", "half done"
    STUCK = "stuck", "needs a person"
    CANCELLED = "cancelled", "cancelled"
    REPLACED = "replaced", "half done, followed by another"

    @property
    def face(self) -> Face:
        """Symbol, tone and meaning."""
        return DEPLOYMENT_FACES[self]


DEPLOYMENT_FACES: dict[Any, Face] = {
    DeploymentState.QUEUED: Face(Tone.PROGRESS, "…", "Another deployment of the same stack goes first."),
    DeploymentState.RUNNING: Face(Tone.PROGRESS, "↻", "Under way; it survives the loss of any worker."),
    DeploymentState.DONE: Face(Tone.GOOD, "●", "What the revision says runs."),
    DeploymentState.REFUSED: Face(Tone.BAD, "×", "The world is not as the plan supposed; nothing was touched."),
    DeploymentState.FAILED_SAFE: Face(Tone.WARNING, "!", "It failed; the tasks run again as they did before."),
    DeploymentState.HALF: Face(Tone.BAD, "◐", "The first step is done and the last is not; the tasks run."),
    DeploymentState.STUCK: Face(Tone.BAD, "!", "Something could not be put right without a person."),
    DeploymentState.CANCELLED: Face(Tone.NEUTRAL, "×", "Given up on request; the tasks run as they did before."),
    DeploymentState.REPLACED: Face(Tone.NEUTRAL, "◐", "Half done; another deployment took its place and its stack."),
}

LIVE_DEPLOYMENT_STATES: tuple[str, ...] = (DeploymentState.RUNNING, DeploymentState.HALF, DeploymentState.STUCK)
"""Deployments that hold their stack: at most one per stack."""

TERMINAL_DEPLOYMENT_STATES: tuple[str, ...] = (
    DeploymentState.DONE,
    DeploymentState.REFUSED,
    DeploymentState.FAILED_SAFE,
    DeploymentState.CANCELLED,
    DeploymentState.REPLACED,
)
"""Deployments that nothing will move any more."""

RETRYABLE_DEPLOYMENT_STATES: tuple[str, ...] = (
    DeploymentState.REFUSED,
    DeploymentState.FAILED_SAFE,
    DeploymentState.CANCELLED,
)
"""Ends after which the same revision may be deployed again."""


class WatchdogPart(models.TextChoices):
    """What the watchdog does side by side, so that neither waits for the other."""

    DEPLOYMENTS = "deployments", "dropped deployments"
    ALARMS = "alarms", "tasks that stand still"


class IncidentKind(models.TextChoices):
    """What an incident is about."""

    LEFT_STOPPED = "left_stopped", "left stopped by a deployment"
    STANDS_STILL = "stands_still", "stands still and should not"
    PAUSE_BUDGET = "pause_budget", "paused for longer than its budget"
    NEEDS_A_PERSON = "needs_a_person", "needs a person"

    @property
    def is_still(self) -> bool:
        """Whether it is about something that stands still although it should run."""
        return self is not IncidentKind.NEEDS_A_PERSON

    @property
    def face(self) -> Face:
        """Symbol, tone and meaning."""
        return INCIDENT_FACES[self]


INCIDENT_FACES: dict[Any, Face] = {
    IncidentKind.LEFT_STOPPED: Face(
        Tone.BAD, "■", "A deployment stopped the task and nobody answers for it any more; Sluice starts it again."
    ),
    IncidentKind.STANDS_STILL: Face(
        Tone.BAD, "■", "The deployed config wants the task to run, and something other than Sluice stopped it."
    ),
    IncidentKind.NEEDS_A_PERSON: Face(
        Tone.BAD, "!", "A deployment is half done or stuck: it goes on by itself only as far as it may."
    ),
    IncidentKind.PAUSE_BUDGET: Face(
        Tone.BAD, "⏱", "Tasks stand still for longer than their sources' logs should have to bear."
    ),
}
