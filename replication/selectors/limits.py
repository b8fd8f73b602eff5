"""How full the limits of CloudFormation and DMS are, with a team's document as it is accepted or proposed."""

from __future__ import annotations

from threading import Lock

from django.utils import timezone

from deploy_engine.checks import LimitMeter, render_if_sound
from deploy_engine.checks.limits import meters_of
from deploy_engine.config import Company, EnvironmentConfig, EnvironmentFile, Subject, TeamConfig, TeamDocument
from replication.documents import environment_file_of, team_document_of
from replication.models import ChangeRequest, Environment, Revision, Team

_Meters = tuple[LimitMeter, ...]
_MEASURED: dict[tuple[str, str, str, str], _Meters] = {}
"""By all that is rendered: the environment and its name, the team, the hash of the document. Nothing grows old."""
_KEPT_AT_MOST = 500
_ONE_AT_A_TIME = Lock()


def document_limits(
    environment: Environment, team: Team, of: Revision | ChangeRequest, document: TeamDocument | None = None
) -> _Meters:
    """The meters of what would be sent to AWS; none while the document is too wrong to be rendered. No query.

    `document` is that of the revision or change request, for who has read it already.
    """
    file = environment_file_of(environment)
    key = (file.model_dump_json(), environment.name, team.slug, of.document_hash)
    if key not in _MEASURED:
        measured = _measured(environment, team, file, document or team_document_of(of.document))
        with _ONE_AT_A_TIME:
            _MEASURED[key] = measured
            for old in list(_MEASURED)[: max(0, len(_MEASURED) - _KEPT_AT_MOST)]:
                del _MEASURED[old]
        return measured
    return _MEASURED[key]


def _measured(environment: Environment, team: Team, file: EnvironmentFile, document: TeamDocument) -> _Meters:
    config = EnvironmentConfig(environment.name, file, {team.slug: TeamConfig(team.slug, document)})
    subject = Subject(Company({environment.name: config}), environment.name, team.slug)
    rendered = render_if_sound(subject, now=timezone.now())
    return meters_of(rendered) if rendered is not None else ()
