"""Deployments: what ran on which stack, for which change, how it ended, and how long tasks stood still."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from django.db.models import Prefetch
from django.utils import timezone

from replication.models import Deployment, JournalEntry
from replication.selectors.deployment_list import DeploymentFilters, deployments_found
from replication.selectors.exports.columns import team_word
from replication.selectors.keyset import in_pieces
from replication.selectors.paused_time import paused_seconds

PIECE = 100
"""Deployments read at once: each with its journal."""


class Row(NamedTuple):
    """One deployment. `seconds_paused` is None where no task was stopped; `run` is the name that AWS knows it by."""

    deployment: int
    run: str
    stack: str
    environment: str
    team: str
    state: str
    sentence: str
    revision: int
    title: str
    change_request: int | None
    by: str
    without_review: str
    seconds_paused: float | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


def rows(filters: DeploymentFilters) -> Iterator[Row]:
    """The newest first."""
    journal = JournalEntry.objects.only("deployment", "at", "phase", "sentence").order_by("sequence")
    found = deployments_found(filters).prefetch_related(Prefetch("journal", journal))
    for piece in in_pieces(found, ("-id",), size=PIECE):
        now = timezone.now()
        yield from (_row(each, now) for each in piece)


def _row(deployment: Deployment, now: datetime) -> Row:
    return Row(
        deployment=deployment.pk,
        run=deployment.run,
        stack=deployment.stack,
        environment=deployment.environment.name,
        team=team_word(deployment.team),
        state=str(deployment.state_choice.label),
        sentence=deployment.sentence,
        revision=deployment.revision.number,
        title=deployment.revision.title,
        change_request=deployment.change_request_id,
        by=deployment.requested_by_name,
        without_review=deployment.emergency_reason,
        seconds_paused=paused_seconds(list(deployment.journal.all()), deployment, now=now),
        created_at=deployment.created_at,
        started_at=deployment.started_at,
        finished_at=deployment.finished_at,
    )
