"""Forms about tasks: a new one, one that pauses, resumes or goes, and its settings."""

from __future__ import annotations

from typing import Any

from django import forms

from deploy_engine.config import TaskSettings, TeamDocument
from portal.web.changes.proposing.forms import TYPED, ProposalForm, TypedConfirmation, offer
from portal.web.changes.proposing.model_fields import changed_values, model_fields
from replication.choices import Delivery


class TaskActForm(ProposalForm):
    """Pausing or resuming asks nothing more; removing wants `word` typed."""

    def __init__(self, *args: Any, word: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if word:
            self.fields[TYPED] = TypedConfirmation(word)


class NewTaskForm(ProposalForm):
    """A task: what it reads, where it runs, how often it writes, and its first tables."""

    task = forms.CharField(
        label="Name",
        max_length=60,
        help_text="Lower-case letters, digits and single hyphens. It is part of the task's name in DMS, for ever.",
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false"}),
    )
    source = forms.ChoiceField(help_text="A task reads one source.")
    instance = forms.ChoiceField(help_text="The replication instance that it runs on.")
    delivery = forms.ChoiceField(
        label="Delivery class",
        choices=Delivery.choices,
        initial=Delivery.TEN_MINUTES,
        help_text="How often it writes into the lake. Source, instance and delivery class stay as long as the task.",
    )
    entries = forms.CharField(
        label="Tables (optional)",
        required=False,
        max_length=1_000_000,
        help_text="One per line: schema.table or source/schema/table, and a version behind it where it has to be a "
        "certain one. Or CSV, what SHOW TABLES or psql's \\dt printed, or the TableMappings of a DMS task. "
        "Without any, the task is not made in AWS yet.",
        widget=forms.Textarea(attrs={"rows": 10, "class": "mono", "autocapitalize": "none", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, document: TeamDocument, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self.fields["source"], document.team.sources)
        offer(self.fields["instance"], document.team.instances)


class TaskSettingsForm(ProposalForm):
    """The settings that a task may override; an empty one is Sluice's default."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._keys = model_fields(TaskSettings, unset="Sluice's default")
        for field in self._keys.values():
            field.widget.attrs["placeholder"] = "Sluice's default"
        self.fields |= self._keys

    @property
    def changes(self) -> dict[str, Any]:
        """The settings that were changed."""
        return changed_values(self, self._keys)

    def clean(self) -> None:
        """Refuse a form in which nothing was changed."""
        super().clean()
        if not self.errors and not self.changes:
            raise forms.ValidationError("No setting was changed.")


class TaskAnewForm(ProposalForm):
    """What a task is made anew for: another delivery class, or another instance."""

    delivery = forms.ChoiceField(
        label="Delivery class", choices=Delivery.choices, help_text="How often it writes into the lake."
    )
    instance = forms.ChoiceField(help_text="The replication instance that it runs on.")

    def __init__(self, *args: Any, document: TeamDocument, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self.fields["instance"], document.team.instances)
