"""All tables with where they land, and the life of one."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from portal.presenters.pages import links_of
from portal.presenters.table_acts import act_buttons
from portal.shell.crumbs import crumbs
from portal.shell.environments import environment_current, environment_named
from portal.shell.requests import SignedInRequest
from portal.web.tables.beside import besides
from portal.web.tables.filters import TableFilters
from portal.web.tables.presenting import life_lines, table_lines
from replication.models import Team
from replication.policies import standing_of
from replication.selectors.superseded import supersedings
from replication.selectors.tables import TableIdentity, table_life, tables_list

TABLES_PER_PAGE = 25


@require_safe
def table_list(request: SignedInRequest) -> HttpResponse:
    """Every table of the environment that is looked at, narrowed by the filters in the address."""
    environment = environment_current(request)
    rows = tables_list(environment) if environment is not None else tables_list().none()
    filters = TableFilters(request.GET, queryset=rows)
    page = Paginator(filters.qs, TABLES_PER_PAGE).get_page(request.GET.get("page"))
    entries = list(page)
    pairs = supersedings(environment, entries) if environment is not None and entries else []
    lines = table_lines(entries, request.user, pairs)
    standing = standing_of(request.user)
    teams = Team.objects.all() if standing.is_platform else Team.objects.filter(pk__in=standing.teams)
    return render(
        request,
        "tables/list.html",
        {
            "environment": environment,
            "filters": filters.form,
            "filtered": any(request.GET.get(name) for name in filters.filters),
            "lines": lines,
            "may_select": any(line.may_propose for line in lines),
            "acts": act_buttons(),
            "page": links_of(page, request.GET, noun="table"),
            "teams": teams,
        },
    )


@require_safe
def table_detail(request: SignedInRequest, environment: str, source: str, schema: str, table: str) -> HttpResponse:
    """One table's life in one environment, from its first version on; also of a table that is gone."""
    identity = TableIdentity(environment_named(request, environment), source, schema, table)
    life = table_life(identity)
    if life is None:
        raise Http404
    pairs = supersedings(identity.environment, life.entries) if len(life.entries) > 1 else []
    return render(
        request,
        "tables/detail.html",
        {
            "crumbs": crumbs(("Tables", reverse("tables:list")), (identity.name, "")),
            "life": life,
            "besides": besides(pairs),
            "lines": table_lines(life.entries, request.user, pairs),
            "history": life_lines(life),
        },
    )
