"""A team file: its contacts, sources and replication instances in one environment."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from deploy_engine.config.names import PlainText, SecretName, Slug, check_table_name, problem
from deploy_engine.config.strict_model import StrictModel

_EMAIL = re.compile(r"[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_HTTPS = re.compile(r"https://[A-Za-z0-9.-]+(?::[0-9]{1,5})?(?:/[A-Za-z0-9._~/-]*)?")
_INSTANCE_CLASS = re.compile(r"dms\.[a-z0-9]+\.[a-z0-9]+")
_ENGINE_VERSION = re.compile(r"[0-9]+\.[0-9]+\.[0-9]+")


def _check_email(text: str) -> str:
    if not _EMAIL.fullmatch(text):
        raise problem(f"{text[:60]!r} is no e-mail address", "an e-mail address", "write one such as food@example.com")
    return text


def _check_alert_channel(text: str) -> str:
    if not (_EMAIL.fullmatch(text) or _HTTPS.fullmatch(text)):
        allowed = "an e-mail address or an https URL without a query"
        raise problem(f"{text[:60]!r} is no alert channel", allowed, f"use {allowed}")
    return text


def _check_instance_class(text: str) -> str:
    if not _INSTANCE_CLASS.fullmatch(text):
        allowed = "a DMS instance class such as dms.t3.medium"
        raise problem(f"{text[:60]!r} is no instance class", allowed, f"use {allowed}")
    return text


def _check_engine_version(text: str) -> str:
    if not _ENGINE_VERSION.fullmatch(text):
        raise problem(f"{text[:60]!r} is no engine version", "three numbers such as 3.5.4", "use three numbers")
    return text


class DatabaseEngine(StrEnum):
    """The relational databases that Sluice replicates from, by DMS's engine names."""

    MYSQL = "mysql"
    MARIADB = "mariadb"
    POSTGRESQL = "postgres"


class Source(StrictModel):
    """A relational database that the team owns; its password never enters Sluice: DMS reads it from ``secret``."""

    engine: Annotated[DatabaseEngine, Field(strict=False)]
    database: Annotated[str, AfterValidator(check_table_name)] | None = Field(
        default=None, description="PostgreSQL only: the database; MySQL's schemas are its databases"
    )
    secret: SecretName
    catalogue_secret: SecretName | None = None
    log_retention_hours: Annotated[int, Field(ge=1, le=2160, description="how long the source keeps its log")]
    loads_at_once: Annotated[int, Field(ge=1, le=49, description="cap on parallel SELECTs over all of its tasks")]

    @model_validator(mode="after")
    def _database_where_needed(self) -> Self:
        postgresql = self.engine is DatabaseEngine.POSTGRESQL
        if postgresql and self.database is None:
            raise problem("a PostgreSQL source has no database", '"database" with its name', 'add "database"')
        if not postgresql and self.database is not None:
            message = f"a {self.engine.value} source names a database"
            raise problem(message, 'no "database"', 'remove "database": MySQL names it in each table')
        return self


class Instance(StrictModel):
    """A replication instance: the machine that a team's tasks run on."""

    instance_class: Annotated[str, AfterValidator(_check_instance_class)] = Field(alias="class")
    storage_gb: Annotated[int, Field(ge=5, le=6144)]
    engine_version: Annotated[str, AfterValidator(_check_engine_version)]
    multi_az: bool


class TeamFile(StrictModel):
    """What a team has in an environment beside its tasks."""

    title: PlainText
    contacts: Annotated[tuple[Annotated[str, AfterValidator(_check_email)], ...], Field(strict=False, min_length=1)]
    alert_channel: Annotated[str, AfterValidator(_check_alert_channel)]
    sources: dict[Slug, Source]
    instances: dict[Slug, Instance]

    @model_validator(mode="after")
    def _sorted_by_name(self) -> Self:
        for name in ("sources", "instances"):
            object.__setattr__(self, name, dict(sorted(getattr(self, name).items())))
        return self
