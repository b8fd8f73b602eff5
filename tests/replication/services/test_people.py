"""Accounts: opened, closed, opened again, and never the last platform engineer's."""

import pytest
from django.core.exceptions import ValidationError

from replication.choices import AuditKind, GlobalRoleName
from replication.errors import LastPlatformEngineer, NotAllowed
from replication.models import AuditEvent, GlobalRole
from replication.policies import can_manage_platform, can_propose, standing_forget
from replication.services.memberships import global_role_grant, global_role_revoke
from replication.services.people import person_close, person_create, person_reopen
from tests.replication.conftest import Stage


def test_person_create__by_the_platform__has_no_password_and_no_role(stage: Stage) -> None:
    person = person_create(
        actor=stage.people.platform, username="nora", first_name="Nora", last_name="Berg", email="nora@example.com"
    )

    assert not person.has_usable_password()
    assert not can_propose(person, stage.environment, stage.food)
    assert AuditEvent.objects.get(kind=AuditKind.PERSON_CREATED).data == {"user": "nora"}


def test_person_create__name_taken__refused_beside_the_field(stage: Stage) -> None:
    with pytest.raises(ValidationError) as refused:
        person_create(
            actor=stage.people.platform,
            username=stage.people.viewer.username,
            first_name="Nora",
            last_name="",
            email="",
        )

    assert set(refused.value.message_dict) == {"username"}


def test_person_close__member__may_do_nothing_until_it_is_opened_again(stage: Stage) -> None:
    person_close(actor=stage.people.platform, person=stage.people.member, reason="left the company")
    assert not can_propose(stage.people.member, stage.environment, stage.food)
    assert "left the company" in AuditEvent.objects.get(kind=AuditKind.PERSON_CLOSED).sentence

    person_reopen(actor=stage.people.platform, person=stage.people.member)
    assert can_propose(stage.people.member, stage.environment, stage.food)


def test_person_close__last_platform_engineer__refused(stage: Stage) -> None:
    with pytest.raises(LastPlatformEngineer):
        person_close(actor=stage.people.platform, person=stage.people.platform)

    stage.people.platform.refresh_from_db()
    assert stage.people.platform.is_active


def test_global_role_revoke__last_platform_engineer__refused_until_there_is_another(stage: Stage) -> None:
    platform = stage.people.platform
    granted = GlobalRole.objects.get(user=platform)
    with pytest.raises(LastPlatformEngineer):
        global_role_revoke(actor=platform, granted=granted)

    global_role_grant(actor=platform, user=stage.people.viewer, role=GlobalRoleName.PLATFORM)
    global_role_revoke(actor=stage.people.viewer, granted=granted)

    standing_forget(platform)
    assert not can_manage_platform(platform)


def test_person_create__by_a_member__refused(stage: Stage) -> None:
    with pytest.raises(NotAllowed):
        person_create(actor=stage.people.member, username="nora", first_name="Nora", last_name="", email="")
