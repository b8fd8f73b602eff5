"""The list of deployments: filtered, newest first, page by page from a key downwards."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from replication.choices import TERMINAL_DEPLOYMENT_STATES
from replication.models import Deployment

PAGE_SIZE = 25


@dataclass(frozen=True)
class DeploymentFilters:
    """What to list; empty texts filter nothing. `show`: `now` for those under way, or all."""

    show: str = ""
    environment: str = ""
    team: str = ""
    state: str = ""


@dataclass(frozen=True)
class DeploymentPage:
    """One page of rows; `before` is the key to go on from, None at the end."""

    rows: tuple[Deployment, ...]
    before: int | None


def deployments_list(*, filters: DeploymentFilters, before: int | None = None, size: int = PAGE_SIZE) -> DeploymentPage:
    """The deployments below key `before`: one query."""
    rows = deployments_found(filters)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = tuple(rows.order_by("-id")[: size + 1])
    return DeploymentPage(found[:size], found[size - 1].pk if len(found) > size else None)


def deployments_found(filters: DeploymentFilters) -> QuerySet[Deployment]:
    """Every deployment that fits, with its revision and change request, without documents and plans."""
    rows = Deployment.objects.select_related("environment", "team", "revision", "change_request").defer(
        "plan", "record", "revision__document", "revision__ledger", "change_request__document"
    )
    if filters.show == "now":
        rows = rows.exclude(state__in=TERMINAL_DEPLOYMENT_STATES)
    if filters.environment:
        rows = rows.filter(environment__name=filters.environment)
    if filters.team:
        rows = rows.filter(team__slug=filters.team) if filters.team != "base" else rows.filter(team=None)
    return rows.filter(state=filters.state) if filters.state else rows
