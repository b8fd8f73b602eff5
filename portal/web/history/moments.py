"""The config at a moment, between two, and what happened since one's last shift."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import groupby

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from deploy_engine.diffing import table_place
from portal.presenters.diffs import Diff, unified
from portal.presenters.events import event_line
from portal.presenters.table_changes import TableChangeGroup, table_change_line
from portal.shell.crumbs import crumbs
from portal.shell.environments import environments_all
from portal.shell.requests import SignedInRequest
from portal.web.history.forms import DATE_AND_TIME
from portal.web.history.moment_forms import AsOfForm, CompareForm, SinceForm
from portal.web.history.tabs import history_tabs
from replication.models import Environment, Revision
from replication.policies import can_propose
from replication.selectors.moments import (
    ConfigBetween,
    ConfigLine,
    config_as_of,
    config_between,
    scopes_as_of,
    scopes_between,
)
from replication.selectors.shift import shift_begin, shift_since
from replication.selectors.timeline import revision_files
from replication.services.change_request_revert import change_request_revert

A_DAY = timedelta(days=1)
SPANS = {"8": "8 hours", "12": "12 hours", "24": "a day", "72": "3 days", "168": "a week"}
"""Hours, and how they are called."""


@dataclass(frozen=True)
class SettingLine:
    """A changed value, and who is behind it."""

    place: str
    before: str
    after: str
    who: str


@dataclass(frozen=True)
class PlaceLine:
    """One line of a config, called as it is within its group."""

    name: str
    value: str
    origin: Revision


@dataclass(frozen=True)
class PlaceGroup:
    """The lines of one task, or of what stands beside the tasks."""

    name: str
    lines: list[PlaceLine]


@require_safe
def history_since(request: SignedInRequest) -> HttpResponse:
    """What changed, ran and broke since a moment, and what is still odd."""
    form = SinceForm(request.GET, environments=environments_all(request))
    since = form.moment("since", shift_begin(request.user))
    shift = shift_since(since, environment=form.chosen_environment, team=form.chosen_team)
    now = timezone.now()
    spans = [(words, (now - timedelta(hours=int(hours))).strftime(DATE_AND_TIME)) for hours, words in SPANS.items()]
    context = {
        "tabs": history_tabs("since"),
        "form": form,
        "shift": shift,
        "spans": spans,
        "broke": [event_line(event) for event in shift.broke],
        "timeline_since": since.strftime(DATE_AND_TIME),
        "scope_query": _scope_query(form.cleaned_data),
    }
    return render(request, "history/since.html", context)


@require_safe
def history_as_of(request: SignedInRequest) -> HttpResponse:
    """The whole company at a moment, or one scope line by line, each with who made it so and why."""
    form = AsOfForm(request.GET, environments=environments_all(request))
    at = form.moment("at", timezone.now())
    context: dict[str, object] = {"tabs": history_tabs("as-of"), "form": form, "at": at, "chosen": form.chosen}
    environment = form.chosen_environment
    if form.chosen and environment is not None:
        config = config_as_of(at, environment, form.chosen_team)
        context["config"] = config
        context["groups"] = _groups(config.lines, form.cleaned_data.get("task", "")) if config is not None else []
    else:
        context["scopes"] = scopes_as_of(at, environment)
    return render(request, "history/as_of.html", context)


@require_safe
def history_compare(request: SignedInRequest) -> HttpResponse:
    """Two moments beside each other: every scope that changed between them, or one scope in full."""
    form = CompareForm(request.GET, environments=environments_all(request))
    until = form.moment("until", timezone.now())
    since = form.moment("since", until - A_DAY)
    environment = form.chosen_environment
    context: dict[str, object] = {
        "tabs": history_tabs("compare"),
        "form": form,
        "since": since,
        "until": until,
        "chosen": form.chosen,
    }
    if form.chosen and environment is not None:
        between = config_between(environment, form.chosen_team, since, until)
        context |= {
            "between": between,
            "groups": _changes(between),
            "settings": [_setting(each.place, each.before, each.after, between) for each in between.settings],
            "diffs": _diffs(between),
        }
    else:
        context["scopes"] = scopes_between(since, until, environment)
    return render(request, "history/compare.html", context)


@require_safe
def revert_ask(request: SignedInRequest, key: int) -> HttpResponse:
    """What going back to a revision would propose, before a draft is made."""
    revision = _revision(key)
    environment: Environment = revision.environment
    between = config_between(environment, revision.team, timezone.now(), revision.created_at)
    back = config_between(environment, revision.team, revision.created_at, timezone.now())
    return render(
        request,
        "history/revert.html",
        {
            "crumbs": crumbs(
                ("History", reverse("history:timeline")),
                (str(revision), reverse("history:revision", args=[key])),
                ("Revert", ""),
            ),
            "revision": revision,
            "groups": _changes(between, with_who=False),
            "settings": [_setting(each.place, each.before, each.after, None) for each in between.settings],
            "since": back.revisions,
            "may_propose": can_propose(request.user, environment, revision.team),
        },
    )


@require_POST
def revert(request: SignedInRequest, key: int) -> HttpResponse:
    """Open the change request that goes back to a revision."""
    change_request = change_request_revert(actor=request.user, revision=_revision(key))
    return HttpResponseRedirect(reverse("changes:detail", args=[change_request.number]))


def _revision(key: int) -> Revision:
    return get_object_or_404(Revision.objects.select_related("environment", "team"), pk=key)


def _groups(lines: tuple[ConfigLine, ...], task: str) -> list[PlaceGroup]:
    def group_of(line: ConfigLine) -> str:
        parts = line.place.split("/")
        return parts[1] if parts[0] == "tasks" else ""

    ordered = sorted(lines, key=lambda line: (group_of(line), "/tables/" in line.place, line.place))
    groups = [PlaceGroup(name, [_line(line, name) for line in each]) for name, each in groupby(ordered, key=group_of)]
    return [group for group in groups if group.name == task] if task else groups


def _line(line: ConfigLine, group: str) -> PlaceLine:
    name = line.place.removeprefix(f"tasks/{group}/").removeprefix("tables/") if group else line.place
    return PlaceLine(name, line.value, line.origin)


def _changes(between: ConfigBetween, *, with_who: bool = True) -> list[TableChangeGroup]:
    """The component of the review, with who is behind each line."""
    difference = between.difference
    if difference is None:
        return []
    notes = dict.fromkeys(difference.tasks_added, "new task") | dict.fromkeys(difference.tasks_removed, "task removed")
    groups = {name: TableChangeGroup(name, note) for name, note in notes.items()}
    for change in difference.tables:
        line = table_change_line(change)
        who = _who(table_place(change.task, change.table), between) if with_who else ""
        groups.setdefault(change.task, TableChangeGroup(change.task)).tables.append(replace(line, note=who))
    return [groups[name] for name in sorted(groups)]


def _setting(place: str, before: str | None, after: str | None, between: ConfigBetween | None) -> SettingLine:
    return SettingLine(place, before or "", after or "", _who(place, between) if between is not None else "")


def _who(place: str, between: ConfigBetween) -> str:
    origin = between.origins.get(place)
    if origin is None:
        return ""
    number = f"#{origin.change_request_id} " if origin.change_request_id else ""
    return f"{origin.author_name}, {origin.created_at:%Y-%m-%d %H:%M} UTC: {number}{origin.title}"


def _diffs(between: ConfigBetween) -> list[Diff]:
    then = revision_files(between.before) if between.before is not None else {}
    now = revision_files(between.after) if between.after is not None else {}
    diffs = [unified(path, then.get(path, ""), now.get(path, ""), opened=False) for path in sorted({*then, *now})]
    return [diff for diff in diffs if diff.lines]


def _scope_query(chosen: dict[str, object]) -> str:
    return "".join(f"&{name}={chosen[name]}" for name in ("environment", "team") if chosen.get(name))
