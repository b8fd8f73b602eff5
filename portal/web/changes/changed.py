"""The section that shows what changes: table by table, as texts (git, mappings, template), or since a review."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse

from deploy_engine.config import TeamDocument
from deploy_engine.diffing import DocumentDifference, EntryChange, compare_documents
from portal.presenters.diffs import Diff, unified
from portal.presenters.replanned import Replanned, replanned
from portal.presenters.table_changes import TableChangeActs, TableChangeGroup, table_change_groups
from replication.documents import team_document_of
from replication.documents.units import place_key, place_words, places_differing, units_of
from replication.selectors.base_changes import (
    base_template_changed,
    environment_file_changed,
    environment_values_changed,
    values_between,
)
from replication.selectors.change_request_files import (
    TextChange,
    document_of_review,
    files_changed,
    mappings_changed,
    plan_of_review,
    template_changed,
)
from replication.selectors.change_request_page import ChangeRequestPage

SHOWN = {"tables": "Tables", "files": "Files in git", "mappings": "Mappings", "template": "Template"}
"""The tabs, by their word in the address."""
BASE_SHOWN = {"tables": "Values", "files": "Files in git", "template": "Template"}
OPEN_AT_MOST = 3


@dataclass(frozen=True)
class Tab:
    """One way of looking at the change."""

    label: str
    url: str
    current: bool


@dataclass(frozen=True)
class ThingChanged:
    """A task, a source or another value that is changed, in words, and the address where a POST takes that back."""

    words: str
    url: str


@dataclass
class Changed:
    """What one tab shows; `nothing` is said where it shows nothing. `since` names the reviewer it counts from."""

    tabs: list[Tab]
    show: str
    groups: list[TableChangeGroup] = field(default_factory=list)
    settings: list[tuple[str, str, str]] = field(default_factory=list)
    diffs: list[Diff] = field(default_factory=list)
    things: list[ThingChanged] = field(default_factory=list)
    nothing: str = ""
    since: str = ""
    replanned: Replanned | None = None


def changed(page: ChangeRequestPage, query: QueryDict) -> Changed:
    """The section as the address asks for it (`?show=`, `?review=`); anything unknown shows the tables."""
    show = query.get("show", "tables")
    show = show if show in {*SHOWN, "since"} else "tables"
    section = Changed(tabs=_tabs(page, show), show=show)
    if show == "since":
        section.tabs = _tabs(page, show)
        _since(section, page, query.get("review", ""))
    elif page.proposed is None:
        _base(section, page, show)
    elif show == "tables":
        _tables(section, page)
    else:
        _texts(section, page, page.proposed)
    return section


def _tabs(page: ChangeRequestPage, show: str) -> list[Tab]:
    shown = SHOWN if page.proposed is not None else BASE_SHOWN
    return [Tab(label, f"?show={name}#changes", name == show) for name, label in shown.items()]


def _base(section: Changed, page: ChangeRequestPage, show: str) -> None:
    """The base stack has neither tables nor mappings: values, the file in git, and the template."""
    section.show = show if show in BASE_SHOWN else "tables"
    section.tabs = _tabs(page, section.show)
    if section.show == "tables":
        section.settings = environment_values_changed(page.change_request)
        section.things = _things_changed(page) if page.permissions.edit else []
    else:
        reader = environment_file_changed if section.show == "files" else base_template_changed
        section.diffs = [
            unified(text.title, text.before, text.after, opened=True) for text in reader(page.change_request)
        ]
    if not section.settings and not section.diffs:
        section.nothing = "Nothing differs here."


def _tables(section: Changed, page: ChangeRequestPage) -> None:
    difference = page.difference
    if difference is None or difference.empty:
        section.nothing = "Nothing is changed yet."
        return
    may_edit = bool(page.permissions.edit)

    def take_back(change: EntryChange) -> str:
        if not may_edit or change.task in difference.tasks_removed:
            return ""
        return _take_back(page, "", change.task, change.table)

    remarks = Counter(comment.table for comment in page.said.comments if comment.table)

    def comment(change: EntryChange) -> tuple[str, int]:
        url = f"?{urlencode({'about': change.table})}#comment" if page.permissions.comment else ""
        return url, remarks[change.table]

    _show(section, difference, table_change_groups(difference, TableChangeActs(take_back, comment)))
    if may_edit:
        section.things = [
            ThingChanged(f"all changes of the task {task}", _take_back(page, "task", task))
            for task in _tasks_changed(difference)
        ]
        section.things += _things_changed(page)


def _things_changed(page: ChangeRequestPage) -> list[ThingChanged]:
    """What differs beside the tasks: sources, instances, and other values."""
    change_request = page.change_request
    base = change_request.base_revision
    places = places_differing(units_of(base.document if base is not None else {}), units_of(change_request.document))
    return [
        ThingChanged(f"the change of {place_words(place)}", _take_back(page, "thing", place_key(place)))
        for place in places
        if place[0] != "tasks"
    ]


def _take_back(page: ChangeRequestPage, kind: str, *words: str) -> str:
    """The address that takes something back, as this page shows it."""
    change_request = page.change_request
    name = f"changes:take-back-{kind}" if kind else "changes:take-back"
    return f"{reverse(name, args=[change_request.number, *words])}?seen={change_request.document_hash}"


def _tasks_changed(difference: DocumentDifference) -> list[str]:
    places = (change.place.split("/") for change in difference.settings)
    settings = {place[1] for place in places if place[0] == "tasks"}
    return sorted({*difference.tasks_added, *difference.tasks_removed, *settings})


def _since(section: Changed, page: ChangeRequestPage, review_key: str) -> None:
    change_request = page.change_request
    review = next((row for row in page.reviews if str(row.pk) == review_key), None)
    then = document_of_review(change_request, review) if review is not None else None
    if review is None or then is None:
        section.nothing = "That review is not of this change request, or looked at what is accepted."
        return
    section.since = review.reviewer_name
    section.replanned = replanned(plan_of_review(change_request, review), page.plan)
    if page.proposed is None:
        section.settings = values_between(then, change_request.document)
    else:
        difference = compare_documents(team_document_of(then), page.proposed)
        _show(section, difference, table_change_groups(difference))
    if not (section.groups or section.settings):
        same = f"Nothing of what is proposed has changed since {review.reviewer_name} looked at it"
        section.nothing = f"{same}{', but the plan has.' if section.replanned else '.'}"


def _show(section: Changed, difference: DocumentDifference, groups: list[TableChangeGroup]) -> None:
    section.groups = groups
    section.settings = [(change.place, change.before or "", change.after or "") for change in difference.settings]


def _texts(section: Changed, page: ChangeRequestPage, proposed: TeamDocument) -> None:
    texts = _texts_of(section.show, page, proposed)
    section.diffs = [
        unified(text.title, text.before, text.after, opened=index < OPEN_AT_MOST) for index, text in enumerate(texts)
    ]
    if not section.diffs:
        section.nothing = "Nothing differs here."


def _texts_of(show: str, page: ChangeRequestPage, proposed: TeamDocument) -> list[TextChange]:
    change_request = page.change_request
    environment, team = change_request.environment, change_request.team
    if show == "mappings" or team is None:
        return mappings_changed(page.accepted, proposed)
    reader = files_changed if show == "files" else template_changed
    return reader(environment, team, page.accepted, proposed)
