"""The command that opens the first account: without it nobody could open any other."""

from __future__ import annotations

from io import StringIO
from urllib.parse import urlsplit

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client

from replication.models import AuditEvent
from replication.policies import can_manage_platform

pytestmark = pytest.mark.django_db


def _create(*arguments: str) -> str:
    out = StringIO()
    call_command("create_platform_engineer", *arguments, stdout=out)
    return out.getvalue()


def test_create_platform_engineer__empty_portal__its_link_leads_to_a_password() -> None:
    link = _create("nora", "--email", "nora@example.com").splitlines()[-1]

    person = User.objects.get(username="nora")
    assert can_manage_platform(person).allowed
    assert not person.has_usable_password()
    assert Client().get(urlsplit(link).path, follow=True).status_code == 200
    assert [event.actor_name for event in AuditEvent.objects.all()] == ["Sluice", "Sluice"]


def test_create_platform_engineer__account_is_there__gets_the_role_and_a_new_link() -> None:
    _create("nora")
    again = _create("nora")

    assert User.objects.filter(username="nora").count() == 1
    assert "nora is a platform engineer" in again


def test_create_platform_engineer__name_that_does_not_fit__opens_nothing() -> None:
    with pytest.raises(CommandError):
        _create("nora berg")

    assert not User.objects.exists()
