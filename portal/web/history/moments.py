"""The config at a moment, and between two: the whole company, one scope, or one task, with who is behind each line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from portal.presenters.pages import links_of
from portal.shell.environments import environments_all
from portal.shell.requests import SignedInRequest
from portal.web.history.differences import ScopeLine, difference_between, scope_line
from portal.web.history.moment_forms import AsOfForm, CompareForm
from portal.web.history.tabs import history_tabs
from replication.models import Revision
from replication.selectors.company_moments import revisions_named, scopes_as_of, scopes_between, scopes_changed
from replication.selectors.moments import ConfigLine, config_as_of, config_between

A_DAY = timedelta(days=1)
SCOPES_PER_PAGE = 100
COMPARED_PER_PAGE = 20
"""Of each, two documents are read and held against each other."""


@dataclass(frozen=True)
class PlaceLine:
    """One line of a config, called as it is within its group."""

    name: str
    value: str
    origin: Revision


@dataclass(frozen=True)
class PlaceGroup:
    """The lines of one task, or of what stands beside the tasks (no name)."""

    name: str
    lines: list[PlaceLine]


@require_safe
def history_as_of(request: SignedInRequest) -> HttpResponse:
    """The whole company at a moment, or one scope line by line, each with who made it so and why."""
    form = AsOfForm(request.GET, environments=environments_all(request))
    at = form.moment("at", timezone.now())
    context: dict[str, object] = {"tabs": history_tabs("as-of"), "form": form, "at": at, "chosen": form.chosen}
    environment = form.chosen_environment
    if form.chosen and environment is not None:
        config = config_as_of(at, environment, form.chosen_team, task=form.chosen_task)
        context |= {"config": config, "groups": _groups(config.lines) if config is not None else []}
        context["scope"] = form.scope_query
        context["task"] = form.chosen_task
    else:
        page = Paginator(scopes_as_of(at, form.within), SCOPES_PER_PAGE).get_page(request.GET.get("page"))
        context |= {"scopes": revisions_named(list(page)), "page": links_of(page, request.GET, noun="config")}
    return render(request, "history/as_of.html", context)


@require_safe
def history_compare(request: SignedInRequest) -> HttpResponse:
    """Two moments beside each other: every scope that changed between them, or one scope or task in full."""
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
        between = config_between(environment, form.chosen_team, since, until, task=form.chosen_task)
        context |= {"between": between, "difference": difference_between(between, task=form.chosen_task)}
        context["more"] = between.count - len(between.revisions)
        context["task"] = form.chosen_task
    else:
        page = Paginator(scopes_changed(since, until, form.within), COMPARED_PER_PAGE).get_page(request.GET.get("page"))
        scopes: list[ScopeLine] = [scope_line(each) for each in scopes_between(list(page))]
        context |= {"scopes": scopes, "page": links_of(page, request.GET, noun="config")}
    return render(request, "history/compare.html", context)


def _groups(lines: tuple[ConfigLine, ...]) -> list[PlaceGroup]:
    def group_of(line: ConfigLine) -> str:
        parts = line.place.split("/")
        return parts[1] if parts[0] == "tasks" else ""

    ordered = sorted(lines, key=lambda line: (group_of(line), "/tables/" in line.place, line.place))
    return [PlaceGroup(name, [_line(line, name) for line in each]) for name, each in groupby(ordered, key=group_of)]


def _line(line: ConfigLine, group: str) -> PlaceLine:
    name = line.place.removeprefix(f"tasks/{group}/").removeprefix("tables/") if group else line.place
    return PlaceLine(name, line.value, line.origin)
