"""Change requests as the story of what they changed has them: why, who approved, and what came of it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from django.db.models import FilteredRelation, Q
from django.db.models.functions import Left
from django.utils import timezone

from replication.choices import Verdict
from replication.models import ChangeRequest, Deployment, JournalEntry
from replication.selectors.paused_time import paused_seconds

WHY_LONGEST = 400
"""Characters of a description; the change request has the rest."""


@dataclass(frozen=True)
class CarriedOut:
    """One deployment of a change request; `paused` in seconds, None where no task was stopped."""

    deployment: Deployment
    paused: float | None


@dataclass(frozen=True)
class AskedFor:
    """One change request; `approvals` are names with reasons, of those that still count; `runs` the oldest first."""

    number: int
    title: str
    why: str
    author: str
    emergency_reason: str
    approvals: dict[str, str] = field(default_factory=dict)
    runs: list[CarriedOut] = field(default_factory=list)


def asked_for(numbers: Collection[int]) -> dict[int, AskedFor]:
    """Change requests by number, in one query: approvals, deployments and their journals are joined to them."""
    approval = FilteredRelation("reviews", condition=Q(reviews__verdict=Verdict.APPROVE, reviews__voided_at=None))
    rows = ChangeRequest.objects.filter(number__in=numbers).annotate(
        approval=approval, why=Left("description", WHY_LONGEST)
    )
    found: dict[int, AskedFor] = {}
    runs: dict[int, Deployment] = {}
    journals: dict[int, dict[int, JournalEntry]] = {}
    for row in rows.order_by("number", "deployments__id", "deployments__journal__sequence").values(*_COLUMNS):
        request = found.setdefault(row["number"], _request(row))
        if row["approval__reviewer_name"] is not None:
            request.approvals[row["approval__reviewer_name"]] = row["approval__reason"]
        key = row["deployments"]
        if key is not None:
            runs.setdefault(key, _run(row))
            line = JournalEntry(phase=row["deployments__journal__phase"] or "", at=row["deployments__journal__at"])
            journals.setdefault(key, {})[row["deployments__journal__sequence"] or 0] = line
    now = timezone.now()
    for key, run in runs.items():
        lines = [line for line in journals[key].values() if line.phase]
        found[run.change_request_id or 0].runs.append(CarriedOut(run, paused_seconds(lines, run, now=now)))
    return found


_COLUMNS = (
    "number",
    "title",
    "why",
    "author_name",
    "emergency_reason",
    "approval__reviewer_name",
    "approval__reason",
    "deployments",
    "deployments__state",
    "deployments__finished_at",
    "deployments__journal__sequence",
    "deployments__journal__phase",
    "deployments__journal__at",
)


def _request(row: dict[str, Any]) -> AskedFor:
    return AskedFor(row["number"], row["title"], row["why"], row["author_name"], row["emergency_reason"])


def _run(row: dict[str, Any]) -> Deployment:
    """As much of the deployment as is told of it; it is not to be saved."""
    return Deployment(
        pk=row["deployments"],
        change_request_id=row["number"],
        state=row["deployments__state"],
        finished_at=row["deployments__finished_at"],
    )
