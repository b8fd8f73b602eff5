"""The change request page's context, for the whole page and for the parts that renew themselves."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse

from portal.presenters.badges import badge_for
from portal.presenters.meters import Meter, limit_meters
from portal.web.changes.changed import changed
from portal.web.changes.discussion import remarks
from portal.web.changes.forms import CommentForm
from portal.web.changes.judged import judged
from portal.web.changes.rehearsal import rehearsal_card
from portal.web.changes.verdict import Typed, verdict_box, word_to_type
from replication.choices import ChangeRequestState
from replication.selectors.change_request_page import ChangeRequestPage
from replication.selectors.change_request_token import change_request_token
from replication.selectors.limits import document_limits

POLL_SECONDS = 2
QUIET_POLL_SECONDS = 10
"""How often an open change request is looked at on which nothing runs: somebody else may edit it."""


def live_context(page: ChangeRequestPage, query: QueryDict, typed: Typed | None = None) -> dict[str, Any]:
    """What changes while checks run or a deployment is under way, or when somebody else edits it."""
    change_request = page.change_request
    latest = page.deployments[0] if page.deployments else None
    return {
        "page": page,
        "change": change_request,
        "badge": badge_for(change_request.state_choice),
        "judged": judged(page),
        "rehearsal": rehearsal_card(page),
        "box": verdict_box(page, typed),
        "deployment": latest,
        "deployment_badge": badge_for(latest.state_choice) if latest is not None else None,
        "returned": change_request.returned_reason if change_request.state == ChangeRequestState.DRAFT else "",
        "poll_url": _poll_url(page, query) if page.is_moving or change_request.is_open else "",
        "poll_seconds": POLL_SECONDS if page.is_moving else QUIET_POLL_SECONDS,
    }


def page_context(
    page: ChangeRequestPage, query: QueryDict, *, typed: Typed | None = None, comment: CommentForm | None = None
) -> dict[str, Any]:
    """The whole page."""
    change_request = page.change_request
    return {
        **live_context(page, query, typed),
        "crumbs": [
            {"label": "Changes", "url": reverse("changes:list")},
            {"label": f"#{change_request.number}", "url": ""},
        ],
        "changed": changed(page, query),
        "limits": limits(page),
        "together": page.together,
        "emergency_fits": page.emergency_fits,
        "emergency_word": word_to_type(page.plan),
        "remarks": remarks(
            change_request,
            page.said.comments,
            page.reviews,
            page.said.events,
            fingerprint=page.run.fingerprint if page.run is not None else "",
        ),
        "comment_form": comment or CommentForm(tables=tables_of(page), initial={"table": query.get("about", "")}),
    }


def limits(page: ChangeRequestPage) -> list[Meter]:
    """How full the limits would be, and what the change adds to each; the base stack meets none."""
    change, proposed, base = page.change_request, page.proposed, page.change_request.base_revision
    if change.team is None or proposed is None:
        return []
    before = document_limits(change.environment, change.team, base, page.accepted) if base is not None else ()
    return limit_meters(document_limits(change.environment, change.team, change, proposed), before)


def tables_of(page: ChangeRequestPage) -> list[str]:
    """The tables that the request changes, by identity: what a comment may be about."""
    return sorted({change.table for change in page.difference.tables}) if page.difference is not None else []


def page_token(page: ChangeRequestPage) -> str:
    """Changes whenever the live parts do: a page that has seen it is left as it is."""
    latest = page.deployments[0] if page.deployments else None
    return change_request_token(page.change_request, page.run, latest, page.rehearsal, page.behind)


def _poll_url(page: ChangeRequestPage, query: QueryDict) -> str:
    """It says what the page shows: the token, the document, and the way of looking at the changes."""
    shown = {name: query[name] for name in ("show", "review") if name in query}
    said = {"seen": page_token(page), "document": page.change_request.document_hash, **shown}
    return f"{reverse('changes:live', args=[page.change_request.number])}?{urlencode(said)}"
