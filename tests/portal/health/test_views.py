"""`/health/` tells the truth about each part, in words, and answers 503 as soon as one does not work."""

from datetime import UTC, datetime

import pytest
from django.test import Client

from portal.health import views
from portal.health.probes import Health
from replication.models.environment import Environment, EnvironmentStatus


def _answer(part: str, *, works: bool) -> Health:
    return Health(part, works=works, message=f"{part} was asked")


@pytest.mark.django_db
def test_health__every_part_works__answers_200(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        views, "PROBES", (lambda: _answer("database", works=True), lambda: _answer("broker", works=True))
    )

    response = client.get("/health/")

    assert response.status_code == 200
    assert response.json()["healthy"] is True


@pytest.mark.django_db
def test_health__one_part_fails__answers_503_and_says_which(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        views, "PROBES", (lambda: _answer("database", works=True), lambda: _answer("broker", works=False))
    )

    response = client.get("/health/")

    assert response.status_code == 503
    assert response.json()["parts"] == {
        "database": {"works": True, "message": "database was asked"},
        "broker": {"works": False, "message": "broker was asked"},
    }


@pytest.mark.django_db
def test_health__environment_not_reachable__is_told_but_stays_healthy(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "PROBES", (lambda: _answer("database", works=True),))
    environment = Environment.objects.create(name="production", account="123456789012", region="eu-central-1")
    EnvironmentStatus.objects.create(
        environment=environment,
        reachable=False,
        message="no route to AWS",
        observed_at=datetime(2026, 1, 2, 3, 4, tzinfo=UTC),
    )

    response = client.get("/health/")

    assert response.status_code == 200
    assert response.json()["environments"] == {
        "production": {
            "reachable": False,
            "message": "no route to AWS",
            "observed_at": "2026-01-02T03:04:00+00:00",
        }
    }
