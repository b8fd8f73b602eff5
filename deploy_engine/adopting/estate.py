"""What an account has of DMS, as far as adopting it needs to know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class ForeignTask:
    """A replication task; ``mappings`` and ``settings`` are DMS's own JSON texts."""

    name: str
    status: str
    migration_type: str
    source_arn: str
    target_arn: str
    instance_arn: str
    mappings: str
    settings: str


@dataclass(frozen=True)
class ForeignEndpoint:
    """An endpoint. ``secret`` is the name or ARN of its secret, "" where DMS holds the password itself.

    ``bucket``, ``folder``, ``seconds`` (``CdcMaxBatchInterval``) and ``layout`` (what else says how files
    look, by DMS's names) are those of an S3 target.
    """

    name: str
    engine: str
    database: str = ""
    secret: str = ""
    bucket: str = ""
    folder: str = ""
    seconds: int | None = None
    layout: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class ForeignInstance:
    """A replication instance."""

    name: str
    instance_class: str
    storage_gb: int
    engine_version: str
    multi_az: bool


@dataclass(frozen=True)
class Estate:
    """Every task, and endpoints and instances by ARN."""

    tasks: tuple[ForeignTask, ...]
    endpoints: Mapping[str, ForeignEndpoint]
    instances: Mapping[str, ForeignInstance]
