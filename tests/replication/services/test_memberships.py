"""Granting and revoking roles."""

import pytest

from replication.choices import AuditKind, GlobalRoleName, TeamRole
from replication.errors import NotAllowed
from replication.models import AuditEvent, GlobalRole, Membership
from replication.policies import can_propose
from replication.services.memberships import global_role_grant, membership_grant, membership_revoke
from tests.replication.conftest import Stage


def test_membership_grant__viewer__may_at_once_propose(stage: Stage) -> None:
    person = stage.people.viewer
    assert not can_propose(person, stage.environment, stage.food)

    membership_grant(actor=stage.people.platform, user=person, team=stage.food, role=TeamRole.MEMBER)

    assert can_propose(person, stage.environment, stage.food)
    event = AuditEvent.objects.get(kind=AuditKind.MEMBERSHIP_GRANTED)
    assert event.data == {"user": person.username, "role": "member"}


def test_membership_grant__another_role__replaces_the_one_before(stage: Stage) -> None:
    membership_grant(actor=stage.people.platform, user=stage.people.member, team=stage.food, role=TeamRole.REVIEWER)

    membership = Membership.objects.get(user=stage.people.member, team=stage.food)
    assert membership.role == TeamRole.REVIEWER
    assert membership.history.first().actor_name == "Petra Example"


def test_membership_revoke__member__may_at_once_no_longer_propose(stage: Stage) -> None:
    membership = Membership.objects.get(user=stage.people.member)

    membership_revoke(actor=stage.people.platform, membership=membership)

    assert not can_propose(membership.user, stage.environment, stage.food)
    assert Membership.history.filter(history_type="-").count() == 1


def test_memberships__by_a_reviewer__are_refused(stage: Stage) -> None:
    with pytest.raises(NotAllowed):
        membership_grant(actor=stage.people.reviewer, user=stage.people.viewer, team=stage.food, role=TeamRole.MEMBER)
    with pytest.raises(NotAllowed):
        global_role_grant(actor=stage.people.reviewer, user=stage.people.reviewer, role=GlobalRoleName.PLATFORM)


def test_global_role_grant__twice__is_one_role(stage: Stage) -> None:
    for _ in range(2):
        global_role_grant(actor=None, user=stage.people.viewer, role=GlobalRoleName.AUDITOR)

    assert GlobalRole.objects.filter(user=stage.people.viewer).count() == 1
