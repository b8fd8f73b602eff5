"""`/health/` tells the truth about each part, in words, and answers 503 as soon as one does not work."""

import pytest
from django.test import Client

from portal.health import views
from portal.health.probes import Health


def _answer(part: str, *, works: bool) -> Health:
    return Health(part, works=works, message=f"{part} was asked")


def test_health__every_part_works__answers_200(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        views, "PROBES", (lambda: _answer("database", works=True), lambda: _answer("broker", works=True))
    )

    response = client.get("/health/")

    assert response.status_code == 200
    assert response.json()["healthy"] is True


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
