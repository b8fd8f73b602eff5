"""Triggers that keep the record: the database itself refuses to change or remove what was written down.

They are erected after every `migrate`, for every table named here and for every history table there is: a migration
that rebuilds a table (SQLite does for most) loses its triggers, and a model that is new is guarded without a word.
Whoever owns the database can take triggers away; `manage.py verify_audit` says where one is missing, and the chain of
hashes shows what was done meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

_POSTGRES_FUNCTION = """
CREATE OR REPLACE FUNCTION sluice_keep_record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the record is append-only: % of % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$
"""

WHOLE = ("AuditEvent", "Revision", "ChangeRequestEdit", "Comment", "JournalEntry")
"""Models whose rows never change at all."""

MAY_CHANGE: dict[str, frozenset[str]] = {
    "Review": frozenset({"voided_at", "voided_reason"}),
    "LedgerEntry": frozenset({"state"}),
}
"""Models of which some columns may change; no row of theirs is ever removed."""

_NEVER_BACK = {
    "Review": "(OLD.voided_at IS NOT NULL AND NEW.voided_at IS NULL)",
    "LedgerEntry": "(OLD.state = 'retired' AND NEW.state <> 'retired')",
}
"""What must not happen to the columns that may change."""


@dataclass(frozen=True)
class Guard:
    """The triggers of one table, as SQL, by name."""

    table: str
    triggers: dict[str, str]


def guarded_models() -> list[type[models.Model]]:
    """Every model whose rows are kept: those named here, and all history."""
    named = [apps.get_model("replication", name) for name in (*WHOLE, *MAY_CHANGE)]
    history = [model for model in apps.get_app_config("replication").get_models() if _is_history(model)]
    return [*named, *history]


def guards_erect(connection: BaseDatabaseWrapper) -> None:
    """Put every trigger into the database, in place of an older one of its name."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_POSTGRES_FUNCTION)
        for guard in _guards(connection):
            for name, statement in guard.triggers.items():
                cursor.execute(_drop(connection, name, guard.table))
                cursor.execute(statement)


def guards_missing(connection: BaseDatabaseWrapper) -> list[str]:
    """Triggers that should be there and are not, that are switched off, or that do something else."""
    there = _postgres_there(connection) if connection.vendor == "postgresql" else _sqlite_there(connection)
    return [
        name
        for guard in _guards(connection)
        for name, statement in guard.triggers.items()
        if name not in there or there[name] not in ("", statement)
    ]


def _sqlite_there(connection: BaseDatabaseWrapper) -> dict[str, str]:
    """Each trigger with the statement that made it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        return dict(cursor.fetchall())


def _postgres_there(connection: BaseDatabaseWrapper) -> dict[str, str]:
    """Each trigger that goes off for everybody, by name; none where their common function no longer refuses."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname, prosrc FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid "
            "WHERE NOT tgisinternal AND tgenabled IN ('O', 'A') AND proname = 'sluice_keep_record'"
        )
        return {name: "" for name, source in cursor.fetchall() if source in _POSTGRES_FUNCTION}


@contextmanager
def guards_lifted(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Without the triggers for a while: for migrations that rewrite a kept table, and for emptying a test database."""
    with connection.cursor() as cursor:
        for guard in _guards(connection):
            for name in guard.triggers:
                cursor.execute(_drop(connection, name, guard.table))
    yield
    guards_erect(connection)


def _is_history(model: type[models.Model]) -> bool:
    return hasattr(model, "history_type")


def _guards(connection: BaseDatabaseWrapper) -> list[Guard]:
    make = _postgres if connection.vendor == "postgresql" else _sqlite
    return [Guard(model._meta.db_table, make(model)) for model in guarded_models()]


def _refused_change(model: type[models.Model]) -> str:
    """When an update is refused, as a condition over OLD and NEW; empty: always."""
    name = model._meta.object_name or ""
    if name not in MAY_CHANGE:
        return ""
    kept = [field.column for field in model._meta.concrete_fields if field.name not in MAY_CHANGE[name]]
    return " OR ".join([*(f'OLD."{column}" IS DISTINCT FROM NEW."{column}"' for column in kept), _NEVER_BACK[name]])


def _sqlite(model: type[models.Model]) -> dict[str, str]:
    table = model._meta.db_table
    change = _refused_change(model).replace("IS DISTINCT FROM", "IS NOT")
    conditions = {"update": change, "delete": "", "insert": _taken(model)}
    return {
        f"keep_{table}_{act}": (
            f'CREATE TRIGGER "keep_{table}_{act}" BEFORE {act.upper()} ON "{table}"'
            f"{f' WHEN {condition}' if condition else ''} "
            f"BEGIN SELECT RAISE(ABORT, 'the record is append-only: {act} of {table} is refused'); END"
        )
        for act, condition in conditions.items()
    }


def _taken(model: type[models.Model]) -> str:
    """SQLite's `INSERT OR REPLACE` removes rows without asking the triggers for deletes: refuse keys that are taken."""
    keys = [[model._meta.pk.column]] + [
        [model._meta.get_field(name).column for name in constraint.fields]  # type: ignore[union-attr]  # plain columns
        for constraint in model._meta.constraints
        if isinstance(constraint, models.UniqueConstraint) and constraint.condition is None
    ]
    taken = [" AND ".join(f'"{column}" = NEW."{column}"' for column in columns) for columns in keys]
    table = model._meta.db_table
    return " OR ".join(f'EXISTS (SELECT 1 FROM "{table}" WHERE {each})' for each in taken)  # noqa: S608 - own names


def _postgres(model: type[models.Model]) -> dict[str, str]:
    table = model._meta.db_table
    change = _refused_change(model)
    parts = {
        "update": f'BEFORE UPDATE ON "{table}" FOR EACH ROW {f"WHEN ({change}) " if change else ""}',
        "delete": f'BEFORE DELETE ON "{table}" FOR EACH ROW ',
        "truncate": f'BEFORE TRUNCATE ON "{table}" FOR EACH STATEMENT ',
    }
    return {
        f"keep_{table}_{act}": f'CREATE TRIGGER "keep_{table}_{act}" {part}EXECUTE FUNCTION sluice_keep_record()'
        for act, part in parts.items()
    }


def _drop(connection: BaseDatabaseWrapper, name: str, table: str) -> str:
    return f'DROP TRIGGER IF EXISTS "{name}"' + (f' ON "{table}"' if connection.vendor == "postgresql" else "")


def erect_after_migrate(*, using: str, **_signal: Any) -> None:
    """Receiver of `post_migrate` for this app."""
    from django.db import connections  # noqa: PLC0415 - opened only when a migration ran

    guards_erect(connections[using])
