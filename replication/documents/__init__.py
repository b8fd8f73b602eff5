"""Between tables and the engine's documents, in both directions; nothing here writes to the database."""

from replication.documents.environments import environment_config_of, environment_file_of, environment_values
from replication.documents.hashing import document_hash
from replication.documents.parsing import base_document_of, document_of, team_document_of
from replication.documents.teams import (
    entry_values,
    instance_values,
    ledger_of,
    ledger_of_rows,
    setup_values,
    source_values,
    task_values,
    team_config_of_setup,
    team_document_of_setup,
)

__all__ = [
    "base_document_of",
    "document_hash",
    "document_of",
    "entry_values",
    "environment_config_of",
    "environment_file_of",
    "environment_values",
    "instance_values",
    "ledger_of",
    "ledger_of_rows",
    "setup_values",
    "source_values",
    "task_values",
    "team_config_of_setup",
    "team_document_of",
    "team_document_of_setup",
]
