"""Fixtures for pages: a small imported company (of the domain's tests), and browsers of people with different roles."""

from __future__ import annotations

from collections.abc import Callable

import fakeredis
import pytest
from django.contrib.auth.models import User
from django.test import Client

from portal.health import probes
from replication.models import Environment
from tests.replication.conftest import Stage, _git_repository, sent, stage

__all__ = ["_git_repository", "sent", "stage"]  # fixtures of the domain's tests


@pytest.fixture(autouse=True)
def _broker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages that ask the broker how it is find an empty one."""
    monkeypatch.setattr(probes, "broker_client", lambda: fakeredis.FakeRedis(decode_responses=True))


@pytest.fixture
def reader(db: None) -> User:
    """Somebody with no role anywhere: a viewer."""
    return User.objects.create_user("vera", password="correct horse", first_name="Vera", last_name="Lund")


@pytest.fixture
def signed_in(client: Client, reader: User) -> Client:
    """A browser in which the viewer is signed in."""
    client.force_login(reader)
    return client


@pytest.fixture
def browser_of(stage: Stage) -> Callable[[User], Client]:
    """A browser in which somebody of the stage is signed in."""

    def sign_in(person: User) -> Client:
        client = Client()
        client.force_login(person)
        return client

    return sign_in


@pytest.fixture
def environments(db: None) -> list[Environment]:
    """`local` and `production`, in this order."""
    return [
        Environment.objects.create(
            name=name,
            position=position,
            account=str(position) * 12,
            region="eu-central-1",
            lake_bucket=f"lake-{name}",
            templates_bucket=f"templates-{name}",
            network_vpc="vpc-1",
        )
        for position, name in enumerate(("local", "production"))
    ]
