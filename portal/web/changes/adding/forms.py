"""The form that adds tables to a task, beside its rows: which task, which change request, and why."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django import forms

from portal.presenters.words import counted
from portal.web.changes.proposing.forms import Option, ProposalForm, offer
from replication.models import Task
from replication.selectors.add_tables import AddTablesOptions, table_count


class AddTablesForm(ProposalForm):
    """Choices come from the team's tasks and its open change requests."""

    task = forms.ChoiceField(
        error_messages={
            "required": "Choose the task that the tables belong to.",
            "invalid_choice": "This team has no such task here; choose one of these.",
        },
    )

    def __init__(self, *args: Any, options: AddTablesOptions, **kwargs: Any) -> None:
        super().__init__(*args, open_changes=options.open_changes, **kwargs)
        self._options = options
        offer(self.fields["task"], [task.name for task in options.tasks])
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

    def title_for(self, count: int) -> str:
        """The title that was typed, or one that says what the change does."""
        return self.title_or(f"Add {counted(count, 'table')} to {self.cleaned_data['task']}")


def _task_words(task: Task) -> str:
    paused = ", paused" if task.paused else ""
    return (
        f"writes {task.get_delivery_display()}, on instance {task.replication_instance.name}, "
        f"{counted(table_count(task), 'table')}{paused}"
    )
