"""Incidents: opened once for each thing, settled with a reason, and never out of the audit."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User

from replication.choices import AuditKind, DeploymentState, IncidentKind
from replication.errors import InvalidInput, NotAllowed, WrongState
from replication.models import AuditEvent, Incident
from replication.selectors.concerned import concerned_people
from replication.selectors.incidents import incidents_open
from replication.services.deployment_news import deployment_tell
from replication.services.deployments import team_deploy
from replication.services.incidents import incident_open, incident_over, incident_settle
from tests.replication.conftest import Stage


def _open(stage: Stage, remedy: str = "Sluice tries.") -> Incident:
    return incident_open(
        kind=IncidentKind.LEFT_STOPPED,
        environment=stage.environment,
        team=stage.food,
        subject="food-foodsearch",
        sentence="food-foodsearch stands still.",
        remedy=remedy,
    )


def test_incident_open__again__is_the_same_one_with_the_remedy_of_now(stage: Stage) -> None:
    first = _open(stage)
    second = _open(stage, remedy="Sluice has started it.")
    assert first == second
    assert second.remedy == "Sluice has started it."
    assert AuditEvent.objects.filter(kind=AuditKind.INCIDENT_OPENED).count() == 1


def test_incident_over__once_more__says_it_once(stage: Stage) -> None:
    incident = _open(stage)
    incident_over(incident=incident, reason="it runs again")
    incident_over(incident=incident, reason="it runs again")
    assert AuditEvent.objects.filter(kind=AuditKind.INCIDENT_SETTLED).count() == 1
    assert not incidents_open().exists()


def test_incident_settle__by_a_member__is_in_the_audit_with_the_reason(stage: Stage) -> None:
    incident_settle(actor=stage.people.member, incident=_open(stage), reason="the database moves today")
    event = AuditEvent.objects.get(kind=AuditKind.INCIDENT_SETTLED)
    assert "the database moves today" in event.sentence
    assert event.team == stage.food


@pytest.mark.parametrize("who", ["viewer", "stranger"])
def test_incident_settle__by_somebody_of_another_team__is_refused(stage: Stage, who: str) -> None:
    person: User = getattr(stage.people, who)
    with pytest.raises(NotAllowed):
        incident_settle(actor=person, incident=_open(stage), reason="no")


def test_incident_settle__without_a_reason_or_twice__is_refused(stage: Stage) -> None:
    incident = _open(stage)
    with pytest.raises(InvalidInput):
        incident_settle(actor=stage.people.member, incident=incident, reason=" ")
    incident_settle(actor=stage.people.member, incident=incident, reason="known")
    with pytest.raises(WrongState):
        incident_settle(actor=stage.people.member, incident=incident, reason="known")


def test_incidents_open__for_teams__has_theirs_and_the_base_stacks(stage: Stage) -> None:
    _open(stage)
    base = incident_open(
        kind=IncidentKind.PAUSE_BUDGET,
        environment=stage.environment,
        team=None,
        subject="sluice-local-base",
        sentence="All stand still.",
        remedy="",
    )
    assert incidents_open(teams=[stage.food.pk]).count() == 2
    assert list(incidents_open(teams=[stage.orders.pk])) == [base]


@pytest.mark.parametrize("state", [DeploymentState.HALF, DeploymentState.STUCK])
def test_deployment_tell__it_needs_a_person__opens_an_incident_at_once_and_settles_it_when_it_goes_on(
    stage: Stage, state: DeploymentState
) -> None:
    deployment = team_deploy(actor=stage.people.platform, environment=stage.environment, team=stage.food)
    deployment.state, deployment.sentence = state, "A table has yet to load."
    deployment.save()
    deployment_tell(deployment_id=deployment.pk)
    deployment_tell(deployment_id=deployment.pk)

    incident = Incident.objects.get()
    assert (incident.kind, incident.subject) == (IncidentKind.NEEDS_A_PERSON, deployment.stack)
    assert "A table has yet to load." in incident.sentence
    opened = AuditEvent.objects.get(kind=AuditKind.INCIDENT_OPENED)
    assert not concerned_people(opened), "the word of the deployment itself tells them"

    deployment.refresh_from_db()
    deployment.state = DeploymentState.RUNNING
    deployment.save()
    deployment_tell(deployment_id=deployment.pk)
    incident.refresh_from_db()
    assert incident.settled_reason == f"deployment {deployment.pk} goes on"
