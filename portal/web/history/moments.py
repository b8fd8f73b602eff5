"""The config at a moment, and between two: the whole company, one scope, or one task, with who is behind each line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby

from django.core.paginator import Paginator
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from portal.presenters.pages import links_of
from portal.shell.environments import environments_all
from portal.shell.exporting import export_of, file_of, format_asked, minute, moment_shown
from portal.shell.requests import SignedInRequest
from portal.web.history.differences import ScopeLine, difference_between, scope_line
from portal.web.history.moment_forms import AsOfForm, CompareForm
from portal.web.history.tabs import history_tabs
from replication.models import Revision
from replication.selectors.company_moments import revisions_named, scopes_as_of, scopes_between, scopes_changed
from replication.selectors.exports import as_of, compared
from replication.selectors.moments import ConfigLine, config_as_of, config_between, place_in_task

LINES_EXPORTED = "Every line of whichever configs are chosen, with who made it so, why, and who approved it."
DIFFERENCES_EXPORTED = "Every line that differs, before and after, with who made it so, why, and who approved it."
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
def history_as_of(request: SignedInRequest) -> HttpResponseBase:
    """The whole company at a moment, or one scope line by line, each with who made it so and why."""
    form = AsOfForm(request.GET, environments=environments_all(request))
    at = form.moment("at", timezone.now())
    if wanted := format_asked(request, form):
        name = ("as-of", minute(at), *form.named)
        return file_of(wanted, name, as_of.COLUMNS, as_of.rows(at, form.within, task=form.chosen_task))
    context: dict[str, object] = {"tabs": history_tabs("as-of"), "form": form, "at": at, "chosen": form.chosen}
    context["export"] = export_of(request, LINES_EXPORTED, at=moment_shown(at))
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
def history_compare(request: SignedInRequest) -> HttpResponseBase:
    """Two moments beside each other: every scope that changed between them, or one scope or task in full."""
    form = CompareForm(request.GET, environments=environments_all(request))
    until = form.moment("until", timezone.now())
    since = form.moment("since", until - A_DAY)
    if wanted := format_asked(request, form):
        rows = compared.rows(since, until, form.within, task=form.chosen_task)
        return file_of(wanted, ("compared", minute(since), minute(until), *form.named), compared.COLUMNS, rows)
    environment = form.chosen_environment
    context: dict[str, object] = {
        "tabs": history_tabs("compare"),
        "export": export_of(request, DIFFERENCES_EXPORTED, since=moment_shown(since), until=moment_shown(until)),
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
    placed = [(*place_in_task(line.place), line) for line in lines]
    return [
        PlaceGroup(task, [PlaceLine(name, line.value, line.origin) for _, name, line in each])
        for task, each in groupby(placed, key=lambda found: found[0])
    ]
