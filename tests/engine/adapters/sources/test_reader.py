"""From a source of the config to a connection: what is asked, and what is refused before anything is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from deploy_engine.adapters.connection import Connection, connect
from deploy_engine.adapters.sources.place import read_secret
from deploy_engine.config import EnvironmentFile
from deploy_engine.errors import AwsRefused, SourceUnreachable
from deploy_engine.live import SourceAsked
from deploy_engine.local_aws.testing import LocalAws
from tests.engine.adapters.deployed import at
from tests.local_aws.postgres import Server

SECRET = "sluice/food/fooddb-catalogue"
FOOD = SourceAsked("fooddb", "postgres", "food", SECRET)
GOOD = {"host": "localhost", "port": 5432, "username": "catalogue", "password": "hunter2"}
pytestmark = [pytest.mark.loopback, pytest.mark.xdist_group("adapters-over-http")]


@pytest.fixture
def planner(environment: EnvironmentFile, company_in_local_aws: LocalAws) -> Iterator[Connection]:
    with connect(at(environment, company_in_local_aws.endpoint_url), role="planner") as connection:
        yield connection


def put(aws: LocalAws, **content: Any) -> None:
    aws.client("secretsmanager").put_secret_value(SecretId=SECRET, SecretString=json.dumps(content))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hunter2",
        "[]",
        '"hunter2"',
        "{}",
        json.dumps({**GOOD, "password": ""}),
        json.dumps({**GOOD, "port": "hunter2"}),
        json.dumps({**GOOD, "port": 65536}),
        json.dumps({**GOOD, "port": -1}),
        json.dumps({**GOOD, "port": "٣"}),
        json.dumps({**GOOD, "host": ["localhost"]}),
        json.dumps({**GOOD, "username": {"a": 1}}),
        json.dumps({**GOOD, "password": "a\0b"}),
    ],
)
def test_read_secret__not_in_the_form_of_dms__is_refused_without_quoting_it(text: str) -> None:
    with pytest.raises(SourceUnreachable) as refused:
        read_secret(text)
    assert "hunter2" not in str(refused.value)


def test_read_secret__in_the_form_of_dms__hides_its_password() -> None:
    found = read_secret(json.dumps({**GOOD, "port": "5432", "engine": "postgres"}))
    assert (found.host, found.port, found.user, found.password) == ("localhost", 5432, "catalogue", "hunter2")
    assert "hunter2" not in repr(found)


def test_catalogue__no_catalogue_secret__nothing_is_asked_of_aws(environment: EnvironmentFile) -> None:
    asked = SourceAsked("shop", "mysql", None, None)
    with connect(environment, role="planner") as connection:
        with pytest.raises(SourceUnreachable, match="no catalogue secret is named for it"):
            connection.sources.catalogue(asked)
        assert connection.calls == []


def test_catalogue__environment_allows_no_host__nothing_is_asked_of_aws(environment: EnvironmentFile) -> None:
    closed = environment.model_copy(update={"allowed_host_suffixes": ()})
    with connect(closed, role="planner") as connection:
        with pytest.raises(SourceUnreachable, match="allows no host"):
            connection.sources.catalogue(FOOD)
        assert connection.calls == []


def test_catalogue__secret_leads_to_the_database__is_read_as_the_planner(
    planner: Connection, company_in_local_aws: LocalAws, server: Server, food: psycopg.Connection[Any]
) -> None:
    food.execute("CREATE TABLE brands (id int PRIMARY KEY)")
    put(company_in_local_aws, **{**server.secret(), "host": "localhost"})
    assert [table.name for table in planner.sources.catalogue(FOOD).tables] == ["brands"]
    assert sorted(planner.calls) == [("secretsmanager", "GetSecretValue"), ("sts", "AssumeRole")]


@pytest.mark.parametrize("host", ["127.0.0.1", "2130706433", "evil.com"])
def test_catalogue__host_is_not_allowed__says_so(
    host: str, planner: Connection, company_in_local_aws: LocalAws
) -> None:
    put(company_in_local_aws, **{**GOOD, "host": host})
    with pytest.raises(SourceUnreachable, match="its host") as refused:
        planner.sources.catalogue(FOOD)
    assert "hunter2" not in str(refused.value)


def test_catalogue__no_such_secret__is_awss_refusal(planner: Connection) -> None:
    with pytest.raises(AwsRefused, match="AWS refused GetSecretValue"):
        planner.sources.catalogue(SourceAsked("fooddb", "postgres", "food", "sluice/food/none-catalogue"))
