"""Which pages are asked for: every way of looking at history, its filters alone and together, and deep places."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import quote

PAGE = 50
DEEP = 1_000
ADDRESS_TIME = "%Y-%m-%dT%H:%M"
TABLE = "db7/foodsearch/table_00017"
FILTERS = {
    "the timeline": "",
    "one environment": "environment=bench",
    "one team": "team=team7",
    "one team in one environment": "environment=bench&team=team7",
    "one kind, frequent": "kind=task",
    "one kind, rare": "kind=review",
    "one rare kind of one environment": "environment=bench&kind=review",
    "one rare subject of one team": "team=team7&kind=attempt",
    "one rare kind of one team": "team=team7&kind=attempt.refused",
    "one person": "person=Person5+Example",
    "one person in one team": "team=team7&person=Person5+Example",
    "one person's refusals": "person=Person5+Example&kind=attempt",
    "one table": f"table={TABLE}",
    "one table's rare kind": f"table={TABLE}&kind=review",
    "one table in one environment, one person": f"environment=bench&table={TABLE}&person=Person5+Example",
    "one hour": "since=2026-02-01T00:00&until=2026-02-01T01:00",
    "one rare kind until long ago": "kind=review&until=2026-01-10T00:00",
}


def addresses() -> dict[str, str]:
    """What is asked, by name; a name that ends with `, page N` is held against the one without."""
    from django.urls import reverse  # noqa: PLC0415 - needs Django

    from replication.models import AuditEvent, Revision  # noqa: PLC0415 - as above

    timeline = reverse("history:timeline")
    found = {name: f"{timeline}?{query}" for name, query in FILTERS.items()}
    newest = AuditEvent.objects.latest("id")
    for name in ("the timeline", "one environment", "one kind, frequent"):
        found[f"{name}, page {DEEP:,}"] = f"{timeline}?{FILTERS[name]}&before={_deep(FILTERS[name])}"
    scope, task = "environment=bench&team=team7", "&task=foodsearch"
    long_ago = newest.at - (newest.at - AuditEvent.objects.earliest("id").at) * 0.9
    month = f"&since={newest.at - timedelta(days=30):{ADDRESS_TIME}}&until={newest.at:{ADDRESS_TIME}}"
    ever = f"&since={long_ago:{ADDRESS_TIME}}&until={newest.at:{ADDRESS_TIME}}"
    as_of, compare, since = (reverse(f"history:{name}") for name in ("as-of", "compare", "since"))
    revision = Revision.objects.order_by("-pk")[TEAMS_APART]
    environment, source, schema, table = "bench", *TABLE.split("/")
    return found | {
        "since a shift": f"{since}?since={newest.at - timedelta(hours=12):{ADDRESS_TIME}}",
        "since a month ago": f"{since}?since={newest.at - timedelta(days=30):{ADDRESS_TIME}}",
        "since a month ago, one team": f"{since}?{scope}&since={newest.at - timedelta(days=30):{ADDRESS_TIME}}",
        "the company as of now": as_of,
        "the company as of long ago": f"{as_of}?at={long_ago:{ADDRESS_TIME}}",
        "a team as of now": f"{as_of}?{scope}",
        "a team as of long ago": f"{as_of}?{scope}&at={long_ago:{ADDRESS_TIME}}",
        "a task as of now": f"{as_of}?{scope}{task}",
        "the company, a month compared": f"{compare}?{month}",
        "the company, all time compared": f"{compare}?{ever}",
        "a team, a month compared": f"{compare}?{scope}{month}",
        "a team, all time compared": f"{compare}?{scope}{ever}",
        "a revision": reverse("history:revision", args=[revision.pk]),
        "a revision, to be reverted to": reverse("history:revert-ask", args=[revision.pk]),
        "retired folders": reverse("history:retired"),
        "retired folders of a team": f"{reverse('history:retired')}?{scope}",
        "proof and git": reverse("history:proof"),
        "a table's life": reverse("tables:detail", args=[environment, source, schema, table]),
    }


TEAMS_APART = 50
"""So many revisions ago is the one that is looked at: of a team that has a newer one."""


def _deep(query: str) -> str:
    """Where page 1,000 of a query begins, as the page before it would say."""
    from django.http import QueryDict  # noqa: PLC0415 - needs Django

    from portal.web.history.forms import moment_text  # noqa: PLC0415 - as above
    from replication.selectors.timeline import Moment, TimelineFilters, timeline_events  # noqa: PLC0415 - as above

    chosen = QueryDict(query)
    filters = TimelineFilters(environment=chosen.get("environment") or "", kind=chosen.get("kind") or "")
    rows = timeline_events(filters)
    at, key = rows.values_list("at", "pk")[min(DEEP * PAGE, rows.count()) - 1]
    assert isinstance(at, datetime)  # noqa: S101 - for the type checker
    return quote(moment_text(Moment(at, key)))
