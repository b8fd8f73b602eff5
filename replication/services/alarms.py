"""The alarms that team stacks bring with them, as CloudWatch last had them: told as they go off and end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import structlog
from django.db import transaction

from deploy_engine.errors import EngineError
from deploy_engine.live import AlarmView
from replication.choices import AuditKind
from replication.models import Environment, EnvironmentStatus, Team
from replication.services.audit import audit_write

if TYPE_CHECKING:
    from deploy_engine.live import AwsReader

log = structlog.get_logger(__name__)

RINGS = "ALARM"
GONE = ""
"""What an alarm says that is there no more."""

_WORDS = {RINGS: "went off", GONE: "is gone with what it watched"}
_LONGEST_REASON = 300


def alarms_ask(reader: AwsReader, environment: Environment) -> tuple[AlarmView, ...] | None:
    """All alarms of the environment's team stacks; None where CloudWatch gives no answer, which stops nothing."""
    try:
        return reader.alarms(_prefix(environment))
    except EngineError as error:
        log.info("observe.no_alarms", environment=environment.name, error=str(error))
        return None


@transaction.atomic
def alarms_keep(environment: Environment, alarms: Sequence[AlarmView] | None) -> None:
    """Keep those that ring, and tell which went off and which are over since the last look.

    An alarm with nothing to judge by is over: a task that is paused or taken out sends nothing.
    """
    if alarms is None:
        return
    status = EnvironmentStatus.objects.select_for_update().get(environment=environment)
    before: dict[str, dict[str, str]] = status.alarms
    now = {alarm.name: {"about": alarm.about, "since": alarm.since.isoformat()} for alarm in alarms if alarm.rings}
    if before == now:
        return
    seen = {alarm.name: alarm for alarm in alarms}
    teams = {team.slug: team for team in Team.objects.all()} if before.keys() ^ now.keys() else {}
    for name in sorted(before.keys() ^ now.keys()):
        alarm, about = seen.get(name), (before | now)[name]["about"]
        state, reason = (alarm.state, alarm.reason) if alarm is not None else (GONE, "")
        data = {"alarm": name, "to": state, "reason": reason[:_LONGEST_REASON]}
        _tell(environment, teams.get(_slug(environment, name)), about or name, data)
    status.alarms = now
    status.save()


def _tell(environment: Environment, team: Team | None, about: str, data: dict[str, Any]) -> None:
    audit_write(
        actor=None,
        kind=AuditKind.ALARM_WENT_OFF if data["to"] == RINGS else AuditKind.ALARM_ENDED,
        environment=environment,
        team=team,
        subject=team,
        sentence=f"Alarm {_WORDS.get(data['to'], 'is over')}: {about}.",
        data=data,
    )


def _prefix(environment: Environment) -> str:
    return f"sluice-{environment.name}-"


def _slug(environment: Environment, name: str) -> str:
    """The team's: it stands first in an alarm's name, and holds no hyphen."""
    return name.removeprefix(_prefix(environment)).partition("-")[0]
