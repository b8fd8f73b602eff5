"""What several exports have in common: who is behind a line, when and why, and whose it is."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from replication.models import Review, Revision, Team


class Behind(NamedTuple):
    """The revision that made a line so. `why` is what its change request says."""

    accepted_at: datetime | None = None
    revision: int | None = None
    author: str = ""
    title: str = ""
    change_request: int | None = None
    why: str = ""
    approved_by: str = ""
    without_review: str = ""


def behind(origin: Revision | None) -> Behind:
    """Of a revision as `with_who_and_why` reads it; empty where nobody is known."""
    if origin is None:
        return Behind()
    request = origin.change_request
    return Behind(
        accepted_at=origin.created_at,
        revision=origin.number,
        author=origin.author_name,
        title=origin.title,
        change_request=origin.change_request_id,
        why=request.description if request is not None else "",
        approved_by=approvals(request.reviews.all()) if request is not None else "",
        without_review=request.emergency_reason if request is not None else "",
    )


def team_word(team: Team | None) -> str:
    """The team's slug, or `base`: no team can be called so."""
    return team.slug if team is not None else "base"


def approvals(reviews: Iterable[Review]) -> str:
    """`Rita Example (“Fine at night.”), Anna Example`."""
    return names_with_reasons((each.reviewer_name, each.reason) for each in reviews)


def names_with_reasons(approvals: Iterable[tuple[str, str]]) -> str:
    """The same of names with reasons, which may be empty."""
    return ", ".join(f"{name} (“{reason}”)" if reason else name for name, reason in approvals)
