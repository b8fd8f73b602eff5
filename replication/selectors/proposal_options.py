"""What somebody who proposes an edit starts from: the document that is edited, and where the edit may go."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from deploy_engine.config import TeamDocument
from replication.choices import OPEN_STATES
from replication.documents import team_document_of, team_document_of_setup
from replication.errors import NotFound
from replication.models import ChangeRequest, Environment, Revision, Team, TeamSetup
from replication.policies import Decision, can_propose
from replication.selectors.open_changes import OpenChange, what_they_change, without_documents
from replication.selectors.scopes import setup_with_parts

if TYPE_CHECKING:
    from django.contrib.auth.models import User


@dataclass(frozen=True)
class ProposalOptions:
    """One team in one environment: its accepted document, its open change requests, and whether the actor may propose.

    `draft` is the open change request that the edit goes into, where one was chosen.
    """

    setup: TeamSetup
    accepted: TeamDocument
    open_changes: tuple[ChangeRequest, ...]
    allowed: Decision
    draft: ChangeRequest | None = None

    @property
    def environment(self) -> Environment:
        """Where."""
        return self.setup.environment

    @property
    def team(self) -> Team:
        """Whose."""
        return self.setup.team

    @cached_property
    def others(self) -> tuple[OpenChange, ...]:
        """The other open change requests of the team here, with what they change."""
        return what_they_change([change for change in self.open_changes if change != self.draft])

    @property
    def document(self) -> TeamDocument:
        """What is edited: the draft's document, or the accepted one."""
        return team_document_of(self.draft.document) if self.draft is not None else self.accepted


def proposal_options(*, actor: User, environment: str, team: str, draft: str = "") -> ProposalOptions:
    """The options by names, and by the number of the open change request `draft` (anything else: a new one).

    Raises `NotFound` where the team has nothing in the environment.
    """
    setup = (
        TeamSetup.objects.filter(environment__name=environment, team__slug=team)
        .select_related("environment", "team")
        .first()
    )
    if setup is None:
        raise NotFound(f"Team {team} is not set up in {environment}.")
    scope = {"environment": setup.environment, "team": setup.team}
    open_changes = tuple(
        without_documents(ChangeRequest.objects.filter(**scope, state__in=OPEN_STATES)).select_related(
            "environment", "team"
        )
    )
    chosen = next((change for change in open_changes if str(change.number) == draft), None)
    revision = Revision.objects.filter(**scope).order_by("-number").only("document").first()
    return ProposalOptions(
        setup=setup,
        accepted=team_document_of(revision.document) if revision is not None else _document_of(setup),
        open_changes=open_changes,
        allowed=can_propose(actor, setup.environment, setup.team),
        draft=chosen,
    )


def _document_of(setup: TeamSetup) -> TeamDocument:
    parts = setup_with_parts(setup.environment, setup.team)
    if parts is None:
        raise NotFound(f"Team {setup.team.slug} is not set up in {setup.environment.name}.")
    return team_document_of_setup(parts)
