"""What the processes of a place run under: everything they need, and nothing of the person's own AWS."""

from pathlib import Path

import pytest

from portal.demo.place import Place, free_port, is_free


def test_environment__shell_knows_real_aws__none_of_it_is_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "production-admin")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "real")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "real")

    environment = Place(Path("var"), web_port=1, aws_port=2, broker_port=3).environment()

    assert "AWS_PROFILE" not in environment
    assert "AWS_SESSION_TOKEN" not in environment
    assert "AWS_ACCESS_KEY_ID" not in environment
    assert environment["AWS_ENDPOINT_URL"] == "http://127.0.0.1:2"


def test_environment__shell_configures_another_sluice__does_not_leak(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLUICE_DATABASE_URL", "postgresql://elsewhere/sluice")

    environment = Place(Path("var"), web_port=1, aws_port=2, broker_port=3).environment()

    assert "SLUICE_DATABASE_URL" not in environment


def test_free_port__nobody_listens__is_free() -> None:
    assert is_free(free_port())
