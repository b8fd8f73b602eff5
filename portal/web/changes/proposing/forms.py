"""Where an edit is proposed: in a new change request, or in one of the team's that is still open."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms

from deploy_engine.findings import Finding
from portal.shell.form_findings import take_findings
from replication.choices import ChangeRequestState
from replication.errors import EditMeanwhile
from replication.models import ChangeRequest

NEW = "new"
TYPED = "typed"
"""The name of the field in which a destructive act is confirmed."""
SEEN = "seen-"
"""Begins the names of the hidden fields that say which version of an open change request was looked at."""
OVERTAKEN = "Somebody edited the same meanwhile. What you typed is still here: propose it again, and it goes on top."


@dataclass(frozen=True)
class Option:
    """One thing to choose; `note` says what follows from choosing it."""

    name: str
    words: str
    chosen: bool
    note: str = ""


class ProposalForm(forms.Form):
    """What every proposal asks, for `changes/proposing/where.html`; forms with fields of their own inherit it."""

    where = forms.ChoiceField(
        initial=NEW,
        error_messages={
            "required": "Choose where to propose this.",
            "invalid_choice": "This change request is no longer open; choose another one.",
        },
    )
    title = forms.CharField(
        label="Title of a new one",
        required=False,
        max_length=200,
        help_text="Left empty, it says what is proposed.",
    )
    description = forms.CharField(
        label="Why? (optional)",
        required=False,
        max_length=5000,
        help_text="Reviewers read this first.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, open_changes: Iterable[ChangeRequest], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._open_changes = {str(change.number): change for change in open_changes}
        self._hashes = {number: change.document_hash for number, change in self._open_changes.items()}
        self.overtaken_by: tuple[EditMeanwhile, ...] = ()
        self.on_top = False
        offer(self.fields["where"], [NEW, *self._open_changes])

    @property
    def own_fields(self) -> list[forms.BoundField]:
        """The fields that a form has beyond every proposal's, but for the word that confirms."""
        common = {*ProposalForm.base_fields, TYPED}
        return [self[name] for name in self.fields if name not in common]

    @property
    def where_options(self) -> list[Option]:
        """A new change request, and each one that is still open."""
        chosen = str(self["where"].value())
        return [
            Option(NEW, "A new one", chosen == NEW),
            *(_open_change(change, chosen) for change in self._open_changes.values()),
        ]

    @property
    def into(self) -> ChangeRequest | None:
        """The open change request that was chosen; None for a new one."""
        return self._open_changes.get(self.cleaned_data["where"])

    @property
    def seen(self) -> str:
        """The hash of the chosen change request's document as the form was filled in for it; empty for a new one."""
        return self._seen_of(self.cleaned_data["where"])

    @property
    def seen_fields(self) -> list[tuple[str, str]]:
        """Hidden fields: the document of each open change request, by its hash, as this form speaks of it.

        It stays the one that was looked at first, until the form has told what was edited since.
        """
        return [
            (f"{SEEN}{number}", now if self.overtaken_by else self._seen_of(number))
            for number, now in self._hashes.items()
        ]

    def overtaken(self, changes: Iterable[EditMeanwhile], *, words: str = OVERTAKEN, on_top: bool = True) -> None:
        """Say who edited meanwhile what this would edit; sent again, it goes on top of that if `on_top`."""
        self.overtaken_by, self.on_top = tuple(changes), on_top
        self.add_error(None, words)

    def _seen_of(self, number: str) -> str:
        given = self.data.get(f"{SEEN}{number}") or self.initial.get(f"{SEEN}{number}")
        return str(given or self._hashes.get(number, ""))

    def title_or(self, words: str) -> str:
        """The title that was typed, or `words`."""
        typed: str = self.cleaned_data["title"].strip()
        return typed or words

    def take_findings(self, findings: Iterable[Finding]) -> None:
        """Put what the domain found beside the field that it names (`/title`), or above them all."""
        take_findings(self, findings)


class TypedConfirmation(forms.CharField):
    """Wants a certain word typed, before replication of something ends."""

    def __init__(self, word: str) -> None:
        super().__init__(
            label=f"Type {word} to confirm",
            required=False,
            max_length=100,
            widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
        )
        self._word = word

    def clean(self, value: Any) -> str:
        """Refuse any other word."""
        typed: str = super().clean(value)
        if typed != self._word:
            raise forms.ValidationError(f"Type “{self._word}” to confirm that replication ends.")
        return typed


def offer(field: forms.Field, values: Iterable[str]) -> None:
    """Let a choice field accept `values`, each under its own name."""
    if isinstance(field, forms.ChoiceField):
        field.choices = [(value, value) for value in values]


def _open_change(change: ChangeRequest, chosen: str) -> Option:
    draft = change.state == ChangeRequestState.DRAFT
    note = f"{change.state_choice.label} of {change.author_name}"
    note = note if draft else f"{note}: its approvals fall, and its checks run again"
    return Option(str(change.number), f"#{change.number} {change.title}", chosen == str(change.number), note)
