"""One edit of one task of a draft: what all of them begin and end with."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from deploy_engine.config import EMPTY_LEDGER, Ledger, TableEntry, TaskFile, TeamDocument, next_version
from replication.database_clock import database_now
from replication.documents import ledger_of
from replication.errors import InvalidInput, NotFound
from replication.models import ChangeRequest
from replication.selectors.scopes import setup_with_parts
from replication.services.editing import document_replace, team_document_for_edit
from replication.services.inputs import input_finding

if TYPE_CHECKING:
    from django.contrib.auth.models import User

_NAMES_SHOWN = 5


@dataclass(frozen=True)
class TaskEdit:
    """A locked draft with the task that is edited; `propose` ends the edit."""

    actor: User
    change_request: ChangeRequest
    document: TeamDocument
    task: str
    now: datetime

    @staticmethod
    def begin(actor: User, change_request: ChangeRequest, task: str) -> TaskEdit:
        """Lock the draft and refuse whoever may not edit it."""
        document = team_document_for_edit(actor=actor, change_request=change_request)
        return TaskEdit(actor, change_request, document, task, database_now())

    @property
    def file(self) -> TaskFile:
        """The task as it is proposed now; `NotFound` where there is none."""
        if self.task not in self.document.tasks:
            raise NotFound(f"There is no task {self.task} in this change request.")
        return self.document.tasks[self.task]

    def chosen(self, tables: Collection[str]) -> frozenset[str]:
        """The identities in `tables`, all of which the task must have; `InvalidInput` names those that it has not."""
        known = {entry.source for entry in self.file.tables}
        allowed = "a table of the task"
        findings = [
            input_finding("tables", f"{table[:60]} is not in {self.task}.", found=table[:60], allowed=allowed)
            for table in tables
            if table not in known
        ]
        if not tables:
            findings.append(input_finding("tables", "No table was chosen.", allowed="at least one table of the task"))
        if findings:
            raise InvalidInput(findings)
        return frozenset(tables)

    def version_for(self, identity: str) -> str:
        """The next version of a table: above every one that the ledger or the draft has for it."""
        drafted = [entry.version for _, entry in self.document.entries if entry.source == identity]
        return next_version(self.now, [*self._ledger.versions(identity), *drafted])

    def propose(self, file: TaskFile | None, sentence: str) -> ChangeRequest:
        """Put `file` in the task's place, or take the task out where it is None."""
        document = self.document.with_task(self.task, file)
        return document_replace(
            actor=self.actor, change_request=self.change_request, document=document, sentence=sentence
        )

    def propose_tables(self, entries: Iterable[TableEntry], sentence: str) -> ChangeRequest:
        """Put `entries` in the place of the task's tables."""
        return self.propose(with_tables(self.file, entries), sentence)

    @cached_property
    def _ledger(self) -> Ledger:
        team = self.change_request.team
        setup = setup_with_parts(self.change_request.environment, team) if team is not None else None
        return ledger_of(setup) if setup is not None else EMPTY_LEDGER


def with_tables(file: TaskFile, entries: Iterable[TableEntry]) -> TaskFile:
    """The task with these tables, in the language's order."""
    return file.model_copy(update={"tables": tuple(sorted(entries, key=lambda entry: entry.sort_key))})


def tables_counted(count: int) -> str:
    """`1 table`, `2 tables`."""
    return f"{count} table{'' if count == 1 else 's'}"


def tables_named(identities: Iterable[str]) -> str:
    """A few of the tables by name: enough to recognise the edit."""
    names = sorted(identity.split("/", 1)[1].replace("/", ".") for identity in identities)
    shown = ", ".join(names[:_NAMES_SHOWN])
    return shown if len(names) <= _NAMES_SHOWN else f"{shown} and {len(names) - _NAMES_SHOWN} more"
