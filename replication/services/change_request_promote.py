"""Promoting a team's config from one environment to another: a draft there, which says what it came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from deploy_engine.config import TeamDocument, document_to_json
from replication.database_clock import database_now
from replication.errors import InvalidInput
from replication.models import ChangeRequest, Environment, Team
from replication.policies import can_propose, require
from replication.selectors.promotion import Promotion, promotion_of
from replication.services.change_requests import draft_open
from replication.services.checks import check_run_create
from replication.services.editing import record_edit
from replication.services.inputs import document_read, input_finding
from replication.services.service import service

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from deploy_engine.config import Document


@service
def change_request_promote(
    *,
    actor: User,
    source: Environment,
    environment: Environment,
    team: Team,
    title: str,
    description: str = "",
    own: Mapping[str, Any] | None = None,
) -> ChangeRequest:
    """Open a draft in `environment` that brings the team there to what is accepted for it in `source`.

    `own` holds values that the target owns, of what is new to it only, by place: `{"sources.fooddb.secret": …}`; what
    is wrong with one is a finding at `/sources.fooddb.secret`. `InvalidInput` too where nothing differs; `NotFound`
    where the team has nothing in `source`, or `environment` does not come after it.
    """
    require(can_propose(actor, environment, team))
    promotion = promotion_of(team=team, source=source, target=environment)
    document = _with_own(promotion, promotion.promoted(database_now()), own or {})
    if document == promotion.target:
        raise InvalidInput([input_finding("", f"There is nothing to promote: {environment.name} has all of it.")])
    change_request = draft_open(
        actor=actor,
        environment=environment,
        team=team,
        title=title,
        description=description,
        document=document,
        promoted_from=promotion.revision,
    )
    sentence = f"promoted {promotion.revision}"
    record_edit(actor=actor, change_request=change_request, sentence=sentence)
    check_run_create(change_request=change_request, actor=actor)
    return change_request


def _with_own(promotion: Promotion, document: TeamDocument, own: Mapping[str, Any]) -> Document:
    value = document_to_json(document)
    for place, given in own.items():
        if place not in promotion.owned:
            raise InvalidInput([input_finding(place, "It is not new there, and the target keeps its own value.")])
        holder = value["team"]
        *path, key = place.split(".")
        for name in path:
            holder = holder[name]
        holder[key] = given
    try:
        return document_read(value, is_base=False)
    except InvalidInput as refusal:
        findings = [
            replace(finding, pointer=f"/{finding.pointer.removeprefix('/team/').replace('/', '.')}")
            for finding in refusal.findings
        ]
        raise InvalidInput(findings) from None
