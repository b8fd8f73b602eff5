"""What a form about a team starts from, and the way back to the team's page."""

from __future__ import annotations

from django.http import QueryDict
from django.urls import reverse

from portal.shell.crumbs import Crumb, crumbs
from portal.shell.requests import SignedInRequest
from portal.web.changes.proposing.forms import NEW
from replication.selectors.proposal_options import ProposalOptions, proposal_options


def options_for(request: SignedInRequest, environment: str, team: str) -> ProposalOptions:
    """A form starts from the open change request that `?where=` names; without it, from what is accepted."""
    draft = request.GET.get("where", "")
    return proposal_options(actor=request.user, environment=environment, team=team, draft=draft)


def posted(request: SignedInRequest) -> QueryDict | None:
    """What a form is bound to."""
    return request.POST if request.method == "POST" else None


def where_of(options: ProposalOptions) -> str:
    """What the choice of a change request begins with."""
    return str(options.draft.number) if options.draft is not None else NEW


def team_url(options: ProposalOptions) -> str:
    """The team's page."""
    return reverse("teams:detail", args=[options.environment.name, options.team.slug])


def team_crumbs(options: ProposalOptions, *places: tuple[str, str]) -> list[Crumb]:
    """From the teams to a page about one of them."""
    return crumbs(("Teams", reverse("teams:list")), (options.team.slug, team_url(options)), *places)
