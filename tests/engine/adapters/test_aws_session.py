"""Which AWS a session speaks to: endpoints, overrides, credentials. Nothing here is sent."""

from __future__ import annotations

import json

import pytest

from deploy_engine.adapters.aws_session import AwsSession, endpoint_of, place_of
from deploy_engine.adapters.connection import connect
from deploy_engine.config import EnvironmentFile
from tests.engine.adapters.deployed import COMPANY


def environment(name: str) -> EnvironmentFile:
    text = (COMPANY / "environments" / name / "environment.json").read_text()
    return EnvironmentFile.model_validate(json.loads(text))


def test_endpoint_of__local__is_its_own_or_the_override() -> None:
    local = environment("local")
    assert endpoint_of(local, {}) == local.endpoint_url
    assert endpoint_of(local, {"AWS_ENDPOINT_URL": "http://127.0.0.1:5555"}) == "http://127.0.0.1:5555"


def test_endpoint_of__aws_itself__is_never_overridden(monkeypatch: pytest.MonkeyPatch) -> None:
    production = environment("production")
    assert endpoint_of(production, {"AWS_ENDPOINT_URL": "http://127.0.0.1:5555"}) is None
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:5555")
    session = AwsSession(production, "planner")
    assert session.cloudformation.meta.endpoint_url == f"https://cloudformation.{production.region}.amazonaws.com"
    session.close()


def test_place_of__override_with_a_password__does_not_name_it() -> None:
    assert place_of(environment("local"), "http://user:hunter2@127.0.0.1:5555") == "the local AWS at 127.0.0.1:5555"
    assert place_of(environment("production"), None) == f"AWS in {environment('production').region}"


def test_aws_session__mutating_client__is_never_retried_and_has_five_seconds() -> None:
    session = AwsSession(environment("local"), "deployer")
    acting, reading = session.acting_dms.meta.config, session.dms.meta.config
    assert acting.retries["total_max_attempts"] == 1  # type: ignore[attr-defined]
    assert acting.connect_timeout + acting.read_timeout <= 5  # type: ignore[attr-defined]
    assert reading.retries["mode"] == "adaptive"  # type: ignore[attr-defined]
    session.close()


def test_connect__planner__has_no_hands() -> None:
    with connect(environment("local"), role="planner") as connection, pytest.raises(LookupError):
        _ = connection.hands
    assert connection.calls == []


def test_connect__deployer__reads_and_acts_over_one_session() -> None:
    with connect(environment("local"), role="deployer") as connection:
        assert connection.hands is connection.reader
