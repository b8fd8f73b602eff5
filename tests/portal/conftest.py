"""Fixtures for pages: somebody who is signed in, and two environments."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client

from replication.models import Environment


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
