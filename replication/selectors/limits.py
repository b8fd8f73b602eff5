"""How full the limits of CloudFormation and DMS are, with a team's document as it is accepted or proposed."""

from __future__ import annotations

from django.utils import timezone

from deploy_engine.checks import LimitMeter, render_if_sound
from deploy_engine.checks.limits import meters_of
from deploy_engine.config import Company, Subject, TeamConfig, TeamDocument
from replication.documents import environment_config_of
from replication.models import Environment, Team


def document_limits(environment: Environment, team: Team, document: TeamDocument) -> tuple[LimitMeter, ...]:
    """The meters of what would be sent to AWS; none while the document is too wrong to be rendered. No query."""
    config = environment_config_of(environment, [TeamConfig(team.slug, document)])
    subject = Subject(Company({environment.name: config}), environment.name, team.slug)
    rendered = render_if_sound(subject, now=timezone.now())
    return meters_of(rendered) if rendered is not None else ()
