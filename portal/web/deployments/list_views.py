"""The list of deployments: newest first, every filter in the address."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from portal.presenters.badges import badge_for
from portal.presenters.pages import PageLinks, address_with
from portal.shell.environments import environments_all
from portal.shell.exporting import export_of, file_of, format_asked
from portal.shell.requests import SignedInRequest
from replication.choices import DeploymentState
from replication.models import Environment, Team
from replication.selectors.deployment_list import DeploymentFilters, DeploymentPage, deployments_list
from replication.selectors.exports import deployments

EXPORTED = "Every deployment that these filters let through, with how it ended and how long tasks stood still."
LARGEST_KEY = 2**63 - 1


class FilterForm(forms.Form):
    """The list's filters; what makes no sense filters nothing."""

    show = forms.ChoiceField(
        label="Which", required=False, choices=[("", "all deployments"), ("now", "those under way")]
    )
    environment = forms.ChoiceField(required=False)
    team = forms.ChoiceField(required=False)
    state = forms.ChoiceField(required=False)

    def __init__(self, *args: Any, environments: list[Environment], teams: list[Team], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        slugs = [("base", "the base stack"), *((row.slug, row.slug) for row in teams)]
        _offer(self.fields["environment"], "every environment", [(row.name, row.name) for row in environments])
        _offer(self.fields["team"], "every team", slugs)
        _offer(self.fields["state"], "any state", [(state.value, str(state.label)) for state in DeploymentState])

    @property
    def filters(self) -> DeploymentFilters:
        """What to list."""
        self.is_valid()
        return DeploymentFilters(**{name: self.cleaned_data.get(name, "") for name in self.fields})


@require_safe
def deployment_list(request: SignedInRequest) -> HttpResponseBase:
    """Newest first; `?before=` goes on below a deployment."""
    form = FilterForm(request.GET, environments=environments_all(request), teams=list(Team.objects.only("slug")))
    filters = form.filters
    if wanted := format_asked(request, form):
        name = ("deployments", filters.environment, filters.team)
        return file_of(wanted, name, deployments.Row._fields, deployments.rows(filters))
    page = deployments_list(filters=filters, before=_before(request.GET))
    filtered = filters != DeploymentFilters()
    context = {
        "crumbs": [{"label": "Changes", "url": reverse("changes:list")}, {"label": "Deployments", "url": ""}],
        "form": form,
        "filtered": filtered,
        "rows": [{"deployment": row, "badge": badge_for(row.state_choice)} for row in page.rows],
        "page": _links(request.GET, page),
        "export": export_of(request, EXPORTED),
        "empty": {
            "icon": "waves-horizontal",
            "title": "No deployment fits these filters" if filtered else "Nothing was deployed yet",
            "body": "Take a filter away to see more."
            if filtered
            else "What changes do when they are merged stands here.",
        },
    }
    return render(request, "deployments/list.html", context)


def _offer(field: forms.Field, nothing: str, choices: list[tuple[str, str]]) -> None:
    if isinstance(field, forms.ChoiceField):
        field.choices = [("", nothing), *choices]


def _before(query: QueryDict) -> int | None:
    text = query.get("before", "")
    return min(int(text), LARGEST_KEY) if text.isascii() and text.isdigit() else None


def _links(query: QueryDict, page: DeploymentPage) -> PageLinks | None:
    if page.before is None and "before" not in query:
        return None
    return PageLinks(
        words=f"Deployments {page.rows[0].pk} to {page.rows[-1].pk}" if page.rows else "No more deployments",
        newer_url=address_with(query, before="") if "before" in query else "",
        newer_words="Newest",
        older_url=address_with(query, before=str(page.before)) if page.before is not None else "",
    )
