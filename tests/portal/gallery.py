"""Every component with an example context: what tests render, and what one looks at while working on the stylesheet.

It is the living reference of `templates/components/`: whoever writes a page copies the shape of a context from here.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.contrib.messages.constants import ERROR, SUCCESS
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from portal.presenters.badges import badge_for
from portal.presenters.diffs import unified
from portal.presenters.path_map import TaskOnMap, draw_map
from replication.choices import ChangeRequestState
from tests.portal.gallery_checks import CHECKS

SUMMARY = {
    "counts": [
        {"symbol": "+", "number": 2, "noun": "tables", "tone": "add"},
        {"symbol": "~", "number": 1, "noun": "setting", "tone": "change"},
        {"symbol": "↻", "number": 1, "noun": "reload", "tone": "reload"},
        {"symbol": "−", "number": 0, "noun": "removed", "tone": "remove"},
    ],
    "pause": "2 tasks, about 4 min",
    "shape": "two steps",
}
EFFECTS = {
    "items": [
        {
            "icon": "rotate-cw",
            "tone": "reload",
            "sentence": "fooddb/foodsearch/orders reloads from scratch:",
            "estimate": "about 4 h 10 min",
            "reason": "Its version changes. The last full load took 3 h 55 min for 812 M rows.",
        },
        {
            "icon": "pause",
            "tone": "change",
            "sentence": "food-foodsearch pauses while the stack is updated.",
            "estimate": "about 4 min",
            "reason": "DMS changes the tables of a stopped task only. It resumes where it stopped.",
        },
        {
            "icon": "plus",
            "tone": "add",
            "sentence": "fooddb/foodsearch/barcodes starts loading into an empty path.",
            "estimate": "about 6 min",
            "reason": "",
        },
    ],
    "calm": "",
    "unaffected": ["No other team is affected."],
    "unknown": ["The source fooddb could not be reached, so the number of rows is unknown."],
}
CALM = {"items": [], "calm": "Nothing reloads. No other team is affected.", "unaffected": [], "unknown": []}


def steps(now: datetime) -> list[dict[str, Any]]:
    """A deployment that stands in its third step."""
    return [
        {
            "title": "Lock sluice-local-food and prepare",
            "state": "done",
            "at": now - timedelta(seconds=95),
            "duration": "1 s",
        },
        {
            "title": "Stop food-foodsearch",
            "state": "done",
            "at": now - timedelta(seconds=94),
            "duration": "42 s",
            "log": [{"at": now - timedelta(seconds=94), "text": "DMS says: stopping"}],
        },
        {
            "title": "Update the stack sluice-local-food",
            "state": "running",
            "at": now - timedelta(seconds=50),
            "duration": "50 s",
            "detail": "One task changes.",
            "lines": [{"lead": "adds", "text": "fooddb/foodsearch/barcodes"}],
            "log": [{"at": now - timedelta(seconds=49), "text": "UPDATE_IN_PROGRESS"}],
        },
        {"title": "Resume food-foodsearch", "state": "planned", "detail": "Replication goes on from where it stopped."},
        {
            "title": "Verify",
            "state": "planned",
            "detail": "Every task that should run does, DMS lists exactly its tables, and none is in error.",
        },
    ]


TABLE_CHANGES = [
    {
        "task": "foodsearch",
        "note": "",
        "tables": [
            {
                "symbol": "+",
                "tone": "add",
                "word": "added",
                "name": "fooddb/foodsearch/barcodes",
                "before": "",
                "after": "v202611231804",
                "remove_url": "#",
            },
            {
                "symbol": "↻",
                "tone": "reload",
                "word": "reloads",
                "name": "fooddb/foodsearch/orders",
                "before": "v202008040000",
                "after": "v202611231804",
                "note": "Readers keep the old path until the load has ended.",
            },
            {
                "symbol": "−",
                "tone": "remove",
                "word": "removed",
                "name": "fooddb/foodsearch/brands_old",
                "before": "v202008040000",
                "after": "",
            },
        ],
    }
]
BOX = {
    "title": "Before this can be merged",
    "requirements": [
        {"state": "met", "label": "Checks: 15 of 15", "detail": ""},
        {"state": "unmet", "label": "Approvals: 0 of 1", "detail": "A reviewer of team food has to approve this plan."},
        {"state": "waiting", "label": "Stack free", "detail": "Deployment 16 is still running."},
    ],
    "act": {
        "label": "Merge and deploy to production (pauses 2 tasks)",
        "url": "#",
        "enabled": False,
        "reason": "Nobody has approved this plan yet.",
    },
    "others": [
        {"label": "Ask for changes", "url": "#", "needs_reason": True},
        {"label": "Close without merging", "url": "#", "needs_reason": False},
    ],
}
READY_BOX = {
    "title": "Ready to merge",
    "requirements": [{"state": "met", "label": "Checks: 15 of 15", "detail": ""}],
    "act": {
        "label": "Merge and deploy to local",
        "url": "#",
        "enabled": True,
        "danger": True,
        "typed": "brands_old",
        "fingerprint": "0123abcd",
    },
}


def discussion(now: datetime) -> list[dict[str, Any]]:
    """A comment, a review of an earlier version, an event, an approval."""
    return [
        {"kind": "comment", "author": "Mara Lindt", "at": now - timedelta(hours=3), "body": "Is orders needed now?"},
        {
            "kind": "changes_requested",
            "author": "Jonas Roth",
            "at": now - timedelta(hours=2),
            "body": "Please split it.",
            "stale": True,
            "since_url": "#",
        },
        {
            "kind": "event",
            "author": "Mara Lindt",
            "at": now - timedelta(hours=1),
            "body": "removed fooddb/foodsearch/old",
        },
        {"kind": "approved", "author": "Jonas Roth", "at": now - timedelta(minutes=4), "body": ""},
    ]


def context(now: datetime) -> dict[str, Any]:
    """The gallery's whole context; the component's name leads to it in `templates/gallery.html`."""
    before = (
        '{\n  "delivery": "10min",\n  "tables": [\n    {"source": "fooddb/foodsearch/orders", "version": "v1"}\n  ]\n}'
    )
    after = before.replace('"v1"', '"v2"').replace("10min", "1min")
    return {
        "crumbs": [{"label": "Teams", "url": "#"}, {"label": "food", "url": ""}],
        "messages": [
            Message(SUCCESS, "Approved. The plan of this change may now be merged."),
            Message(ERROR, "Nothing was saved: the version is below one in the ledger."),
        ],
        "badges": [badge_for(state) for state in ChangeRequestState],
        "summary": SUMMARY,
        "effects": EFFECTS,
        "calm": CALM,
        "steps": steps(now),
        "checks": CHECKS,
        "changes": TABLE_CHANGES,
        "diff": unified("tasks/foodsearch.json", before, after),
        "meters": [
            {"label": "Template", "words": "31 KB of 1 MB", "percent": 3, "tone": "good"},
            {"label": "Resources", "words": "460 of 500", "percent": 92, "tone": "warning"},
        ],
        "empty": {
            "icon": "table-2",
            "title": "No tables yet",
            "body": "The team's tables will stand here, each with its path in the lake.",
            "act": {"label": "Add tables", "url": "#"},
        },
        "entries": discussion(now),
        "box": BOX,
        "ready_box": READY_BOX,
        "map": draw_map(
            [
                TaskOnMap(
                    "fooddb",
                    "PostgreSQL",
                    "foodsearch",
                    "31 tables, every ten minutes",
                    [f"data/t{n}/" for n in range(5)],
                ),
                TaskOnMap("fooddb", "PostgreSQL", "prices", "2 tables, every minute", ["data/p/"], paused=True),
                TaskOnMap(
                    "shopdb", "MySQL", "orders", "1 table, every minute", ["data/shopdb_shop_orders_v202611231804/"]
                ),
            ]
        ),
        "page": {"words": "60 tables, 1 to 25", "newer_url": "", "older_url": "#", "older_words": "Next"},
        "now": now - timedelta(minutes=4),
    }


def gallery(request: HttpRequest) -> HttpResponse:
    """The page of all components."""
    return render(request, "gallery.html", context(timezone.now()))
