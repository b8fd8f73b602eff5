"""All tables with where they land, and the life of one."""

from __future__ import annotations

from django.http import Http404, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from portal.presenters.pages import PageLinks, address_with
from portal.presenters.table_acts import act_buttons
from portal.presenters.words import counted
from portal.shell.crumbs import crumbs
from portal.shell.environments import environment_current, environment_named
from portal.shell.exporting import export_of, file_of, format_asked
from portal.shell.requests import SignedInRequest
from portal.web.tables.beside import besides
from portal.web.tables.filters import TableFilters
from portal.web.tables.life_file import LifeRow, life_rows
from portal.web.tables.presenting import life_lines, table_lines
from replication.models import Team
from replication.policies import standing_of
from replication.selectors.exports import tables
from replication.selectors.superseded import supersedings
from replication.selectors.tables import COUNTED_AT_MOST, TableIdentity, TablePage, table_life, tables_list, tables_page

TABLES_PER_PAGE = 25
LIFE_EXPORTED = "The table's story, line by line: what happened, who asked for it, why, and what came of it."
EXPORTED = "Every table that these filters let through, with its state, version and path."


@require_safe
def table_list(request: SignedInRequest) -> HttpResponseBase:
    """Every table of the environment that is looked at, narrowed by the filters in the address."""
    environment = environment_current(request)
    rows = tables_list(environment) if environment is not None else tables_list().none()
    filters = TableFilters(request.GET, queryset=rows)
    if environment is not None and (wanted := format_asked(request, filters.form)):
        return file_of(wanted, ("tables", environment.name), tables.Row._fields, tables.rows(filters.qs))
    page = tables_page(filters.qs, after=request.GET.get("after", ""), size=TABLES_PER_PAGE)
    entries = page.entries
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
            "page": _links(page, request.GET),
            "export": export_of(request, EXPORTED, environment=environment.name) if environment is not None else None,
            "teams": teams,
        },
    )


def _links(page: TablePage, query: QueryDict) -> PageLinks:
    """ "2,001 tables", and the ways on and back to the beginning."""
    counted_to = f"{COUNTED_AT_MOST:,}+ tables"
    return PageLinks(
        words=counted_to if page.count > COUNTED_AT_MOST else counted(page.count, "table"),
        newer_url=address_with(query, after="") if query.get("after") else "",
        newer_words="First",
        older_url=address_with(query, after=page.after) if page.after else "",
        older_words="Next",
    )


@require_safe
def table_detail(request: SignedInRequest, environment: str, source: str, schema: str, table: str) -> HttpResponseBase:
    """One table's life in one environment, from its first version on; also of a table that is gone."""
    identity = TableIdentity(environment_named(request, environment), source, schema, table)
    wanted = format_asked(request)
    life = table_life(identity, observed=None) if wanted else table_life(identity)
    if life is None:
        raise Http404
    history = life_lines(life)
    if wanted:
        name = ("table", environment, source, schema, table)
        return file_of(wanted, name, LifeRow._fields, life_rows(life, history))
    pairs = supersedings(identity.environment, life.entries) if len(life.entries) > 1 else []
    return render(
        request,
        "tables/detail.html",
        {
            "crumbs": crumbs(("Tables", reverse("tables:list")), (identity.name, "")),
            "life": life,
            "besides": besides(pairs),
            "lines": table_lines(life.entries, request.user, pairs),
            "history": history,
            "export": export_of(request, LIFE_EXPORTED),
        },
    )
