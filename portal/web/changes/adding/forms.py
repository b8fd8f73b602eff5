"""The form that adds tables to a task, beside its rows: which task, which change request, and why."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django import forms

from portal.presenters.words import counted
from replication.choices import ChangeRequestState
from replication.models import ChangeRequest, Task
from replication.selectors.add_tables import AddTablesOptions, table_count

NEW = "new"


@dataclass(frozen=True)
class Option:
    """One thing to choose; `note` says what follows from choosing it."""

    name: str
    words: str
    chosen: bool
    note: str = ""


class AddTablesForm(forms.Form):
    """Choices come from the team's tasks and its open change requests."""

    task = forms.ChoiceField(
        error_messages={
            "required": "Choose the task that the tables belong to.",
            "invalid_choice": "This team has no such task here; choose one of these.",
        },
    )
    where = forms.ChoiceField(
        initial=NEW,
        error_messages={
            "required": "Choose where to propose the tables.",
            "invalid_choice": "This change request is no longer open; choose another one.",
        },
    )
    title = forms.CharField(
        label="Title of a new one",
        required=False,
        max_length=200,
        help_text="Left empty, it says what is added, and to which task.",
    )
    description = forms.CharField(
        label="Why? (optional)",
        required=False,
        max_length=5000,
        help_text="Reviewers read this first.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, options: AddTablesOptions, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._options = options
        _offer(self.fields["task"], [task.name for task in options.tasks])
        _offer(self.fields["where"], [NEW, *(str(change.number) for change in options.open_changes)])
        if len(options.tasks) == 1:
            self.fields["task"].initial = options.tasks[0].name

    @property
    def task_groups(self) -> list[tuple[str, list[Option]]]:
        """The tasks under the words for their source."""
        chosen = self["task"].value()
        groups = groupby(
            self._options.tasks, key=lambda task: f"{task.source.slug}, {task.source.get_engine_display()}"
        )
        return [
            (source, [Option(task.name, _task_words(task), task.name == chosen) for task in tasks])
            for source, tasks in groups
        ]

    @property
    def where_options(self) -> list[Option]:
        """A new change request, and each one that is still open."""
        chosen = str(self["where"].value())
        return [
            Option(NEW, "A new one", chosen == NEW),
            *(_open_change(change, chosen) for change in self._options.open_changes),
        ]

    def title_for(self, count: int) -> str:
        """The title that was typed, or one that says what the change does."""
        typed: str = self.cleaned_data["title"].strip()
        return typed or f"Add {counted(count, 'table')} to {self.cleaned_data['task']}"


def _offer(field: forms.Field, values: list[str]) -> None:
    if isinstance(field, forms.ChoiceField):
        field.choices = [(value, value) for value in values]


def _open_change(change: ChangeRequest, chosen: str) -> Option:
    draft = change.state == ChangeRequestState.DRAFT
    note = f"{change.state_choice.label} of {change.author_name}"
    note = note if draft else f"{note}: its approvals fall, and its checks run again"
    return Option(str(change.number), f"#{change.number} {change.title}", chosen == str(change.number), note)


def _task_words(task: Task) -> str:
    paused = ", paused" if task.paused else ""
    return (
        f"writes {task.get_delivery_display()}, on instance {task.replication_instance.name}, "
        f"{counted(table_count(task), 'table')}{paused}"
    )
