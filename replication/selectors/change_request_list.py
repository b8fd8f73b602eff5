"""The list of change requests: filtered, newest first, page by page from a number downwards."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from replication.choices import ChangeRequestState
from replication.models import ChangeRequest, ChangeRequestEdit

if TYPE_CHECKING:
    from django.contrib.auth.models import User

PAGE_SIZE = 25

SETTLED_STATES: tuple[str, ...] = (ChangeRequestState.DEPLOYED, ChangeRequestState.CLOSED)
"""States in which nobody has anything left to do."""


@dataclass(frozen=True)
class ChangeRequestFilters:
    """What to list. `show`: mine (written by me, whole or in part), open, or all; empty texts filter nothing."""

    show: str = "open"
    environment: str = ""
    team: str = ""
    state: str = ""
    words: str = ""


@dataclass(frozen=True)
class ChangeRequestPage:
    """One page of rows; `before` is the number to go on from, None at the end."""

    rows: tuple[ChangeRequest, ...]
    before: int | None


def change_requests_list(
    *, actor: User, filters: ChangeRequestFilters, before: int | None = None, size: int = PAGE_SIZE
) -> ChangeRequestPage:
    """The change requests below number `before`: one query."""
    rows = change_requests_found(actor=actor, filters=filters).defer("document", "description")
    if before is not None:
        rows = rows.filter(number__lt=before)
    found = tuple(rows.order_by("-number")[: size + 1])
    return ChangeRequestPage(found[:size], found[size - 1].number if len(found) > size else None)


def change_requests_found(*, actor: User, filters: ChangeRequestFilters) -> QuerySet[ChangeRequest]:
    """Every change request that fits, without its document."""
    rows = ChangeRequest.objects.select_related("environment", "team").defer("document")
    if filters.show == "mine":
        edited = ChangeRequestEdit.objects.filter(editor=actor).values("change_request")
        rows = rows.filter(Q(author=actor) | Q(number__in=edited))
    if filters.show == "open" and not filters.state:
        rows = rows.exclude(state__in=SETTLED_STATES)
    if filters.environment:
        rows = rows.filter(environment__name=filters.environment)
    if filters.team:
        rows = rows.filter(team__slug=filters.team)
    if filters.state:
        rows = rows.filter(state=filters.state)
    return rows.filter(_said(filters.words)) if filters.words else rows


def _said(words: str) -> Q:
    """Title or author with these words in it, or the number itself."""
    text = words.strip().removeprefix("#")
    found = Q(title__icontains=text) | Q(author_name__icontains=text)
    return found | Q(number=int(text)) if text.isascii() and text.isdigit() and len(text) < 19 else found
