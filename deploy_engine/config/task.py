"""A task file: one DMS replication task with its tables."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from deploy_engine.config.names import Slug
from deploy_engine.config.strict_model import StrictModel
from deploy_engine.config.tables import TableEntry


class Delivery(StrEnum):
    """The delivery class: which of the two target endpoints a task writes through."""

    ONE_MINUTE = "1min"
    TEN_MINUTES = "10min"

    @property
    def seconds(self) -> int:
        """``CdcMaxBatchInterval`` of the target endpoint."""
        return {Delivery.ONE_MINUTE: 60, Delivery.TEN_MINUTES: 600}[self]


class LoggingSeverity(StrEnum):
    """DMS's own names for how much a task logs (AWS DMS User Guide, task logging settings)."""

    DEFAULT = "LOGGER_SEVERITY_DEFAULT"
    DEBUG = "LOGGER_SEVERITY_DEBUG"
    DETAILED_DEBUG = "LOGGER_SEVERITY_DETAILED_DEBUG"


class TaskSettings(StrictModel):
    """The few DMS task settings that a task may override; bounds from dms-facts.md section 6."""

    max_full_load_sub_tasks: Annotated[int, Field(ge=1, le=49)] | None = None
    lob_max_size: Annotated[int, Field(ge=1, le=102_400, description="KB; larger LOBs are cut")] | None = None
    commit_rate: Annotated[int, Field(ge=1, le=50_000)] | None = None
    memory_limit_total: Annotated[int, Field(ge=256, le=65_536, description="MB")] | None = None
    logging_severity: Annotated[LoggingSeverity, Field(strict=False)] | None = None


class TaskFile(StrictModel):
    """One source, one instance, one delivery class and a list of tables, sorted by source and version."""

    source: Slug
    instance: Slug
    delivery: Annotated[Delivery, Field(strict=False)]
    paused: bool
    settings: TaskSettings | None = None
    tables: Annotated[tuple[TableEntry, ...], Field(strict=False)]

    @model_validator(mode="after")
    def _sorted(self) -> Self:
        ordered = tuple(sorted(self.tables, key=lambda entry: entry.sort_key))
        if ordered != self.tables:
            object.__setattr__(self, "tables", ordered)
        return self

    @property
    def active_tables(self) -> tuple[TableEntry, ...]:
        return tuple(entry for entry in self.tables if entry.active)
