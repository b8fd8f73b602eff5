"""The catalogue: for whoever reads the lake."""

from __future__ import annotations

from dataclasses import dataclass

from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from deploy_engine.config.physical_names import TARGET_SCHEMA
from portal.presenters.pages import PageLinks, address_with
from portal.shell.environments import environment_current
from portal.shell.exporting import export_of, file_of, format_asked
from portal.shell.requests import SignedInRequest
from portal.templatetags.sluice import thousands
from portal.web.catalogue.forms import CatalogueForm, key_from, key_text
from replication.models import Team
from replication.selectors.catalogue import (
    MOST_COUNTED,
    CataloguePage,
    CatalogueRow,
    catalogue_count,
)
from replication.selectors.catalogue import catalogue as catalogue_page
from replication.selectors.exports import catalogue as exported
from replication.selectors.tables import s3_path

EXPORTED = "Every table that these filters let through, with its owner, its path and what is ahead of it."


@dataclass(frozen=True)
class Line:
    """One table as the page shows it: where it lands, in full and short."""

    row: CatalogueRow
    path: str
    short_path: str


@require_safe
def catalogue(request: SignedInRequest) -> HttpResponseBase:
    """Every team's tables in the environment that is looked at, for anybody."""
    environment = environment_current(request)
    form = CatalogueForm(request.GET, teams=list(Team.objects.values_list("slug", flat=True)))
    if environment is not None and (wanted := format_asked(request, form)):
        rows = exported.rows(environment, form.filters)
        return file_of(wanted, ("catalogue", environment.name), exported.Row._fields, rows)
    after = key_from(request.GET.get("after", ""))
    page, counted = CataloguePage([], None), 0
    if environment is not None:
        page = catalogue_page(environment, form.filters, after)
        counted = catalogue_count(environment, form.filters)
    context = {
        "environment": environment,
        "form": form,
        "filtered": any(request.GET.get(name) for name in form.fields),
        "export": export_of(request, EXPORTED, environment=environment.name) if environment is not None else None,
        "lines": [_line(row) for row in page.rows],
        "page": PageLinks(
            words=_counted(counted),
            newer_url=address_with(request.GET, after="") if after is not None else "",
            older_url=address_with(request.GET, after=key_text(page.after)) if page.after is not None else "",
            newer_words="Back to the first",
            older_words="Next",
        ),
    }
    return render(request, "catalogue/list.html", context)


def _line(row: CatalogueRow) -> Line:
    folder = row.entry.folder
    return Line(row, s3_path(row.entry.environment, folder), f"{TARGET_SCHEMA}/{folder}/")


def _counted(count: int) -> str:
    if count > MOST_COUNTED:
        return f"more than {thousands(MOST_COUNTED)} tables, by name"
    return "1 table" if count == 1 else f"{thousands(count)} tables, by name"
