"""Django's side of the deployment engine: where its state machine remembers what it does."""

from replication.deployments.journal import DjangoJournal
from replication.deployments.record import ENGINE_COLUMNS, record_apply, record_of

__all__ = ["ENGINE_COLUMNS", "DjangoJournal", "record_apply", "record_of"]
