"""Writing the audit: called by every service, in the transaction of what it tells of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from replication.choices import AuditKind
from replication.models import AuditEvent, ChangeRequest, Deployment, Environment, Team
from replication.services.actors import actor_name, request_id

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.db.models import Model

_LONGEST_SENTENCE = 1000


def audit_write(
    *,
    actor: User | None,
    kind: AuditKind,
    sentence: str,
    environment: Environment | None = None,
    team: Team | None = None,
    change_request: ChangeRequest | None = None,
    deployment: Deployment | None = None,
    subject: Model | None = None,
    data: dict[str, Any] | None = None,
) -> AuditEvent:
    """One event. Environment and team come from the change request or the deployment where they are not given.

    `subject` is what the act was done to; where it is not given, the deployment or the change request is.
    """
    scope = deployment or change_request
    if scope is not None:
        environment = environment or scope.environment
        team = team or scope.team
    subject = subject or scope or team or environment
    event = AuditEvent(
        at=timezone.now(),
        kind=kind,
        actor=actor,
        actor_name=actor_name(actor),
        environment=environment,
        team=team,
        change_request=change_request or (deployment.change_request if deployment is not None else None),
        deployment=deployment,
        object_type=subject._meta.model_name or "" if subject is not None else "",
        object_id=str(subject.pk) if subject is not None else "",
        sentence=sentence[:_LONGEST_SENTENCE],
        data=data or {},
        request_id=request_id(),
    )
    event.full_clean()
    event.save()
    return event
