"""The config language: JSON files, strict, as immutable models; docs/config.md says what each key means."""

from deploy_engine.config.canonical import canonical_json, canonical_ledger, canonical_task
from deploy_engine.config.company import (
    BaseDocument,
    Company,
    Document,
    EnvironmentConfig,
    Subject,
    TeamConfig,
    TeamDocument,
    base_document_from_json,
    document_to_json,
    team_document_from_json,
)
from deploy_engine.config.environment import EnvironmentFile, Network, Roles
from deploy_engine.config.ledger import EMPTY_LEDGER, Ledger, VersionState
from deploy_engine.config.problems import parse_text, parse_value
from deploy_engine.config.promotion import KeptValue, Newcomers, kept_values, newcomers, promote
from deploy_engine.config.repository import ParsedCompany, parse_company, write_company, write_team
from deploy_engine.config.tables import TableEntry, TableReference, parse_table_reference
from deploy_engine.config.task import Delivery, LoggingSeverity, TaskFile, TaskSettings
from deploy_engine.config.team import DatabaseEngine, Instance, Source, TeamFile
from deploy_engine.config.versions import next_version, version_time

__all__ = [
    "EMPTY_LEDGER",
    "BaseDocument",
    "Company",
    "DatabaseEngine",
    "Delivery",
    "Document",
    "EnvironmentConfig",
    "EnvironmentFile",
    "Instance",
    "KeptValue",
    "Ledger",
    "LoggingSeverity",
    "Network",
    "Newcomers",
    "ParsedCompany",
    "Roles",
    "Source",
    "Subject",
    "TableEntry",
    "TableReference",
    "TaskFile",
    "TaskSettings",
    "TeamConfig",
    "TeamDocument",
    "TeamFile",
    "VersionState",
    "base_document_from_json",
    "canonical_json",
    "canonical_ledger",
    "canonical_task",
    "document_to_json",
    "kept_values",
    "newcomers",
    "next_version",
    "parse_company",
    "parse_table_reference",
    "parse_text",
    "parse_value",
    "promote",
    "team_document_from_json",
    "version_time",
    "write_company",
    "write_team",
]
