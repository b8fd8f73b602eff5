"""The form that confirms an act on tables."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from django import forms

from portal.web.changes.proposing.forms import TYPED, Option, ProposalForm, TypedConfirmation, offer
from replication.selectors.table_acts import NEW_TASK, ChosenTable, TableAct


class TableActForm(ProposalForm):
    """Where to propose it; for a move or a reload the task; for a removal the word that confirms it."""

    target = forms.ChoiceField(required=False, error_messages={"invalid_choice": "Choose one of these."})
    new_task = forms.CharField(
        label="Name of the new task",
        required=False,
        max_length=60,
        help_text="Of a new task only. It is part of the task's name in DMS, for ever.",
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, act: TableAct, targets: Sequence[Option], word: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.target_options = targets
        offer(self.fields["target"], [option.name for option in targets])
        self.fields["target"].label = "How?" if act is TableAct.RELOAD else "Move to which task?"
        if act not in {TableAct.MOVE, TableAct.RELOAD}:
            del self.fields["target"]
        if NEW_TASK not in {option.name for option in targets}:
            del self.fields["new_task"]
        if word:
            self.fields[TYPED] = TypedConfirmation(word)


def digest_of(tables: Sequence[ChosenTable]) -> str:
    """A page names tables by it: the act is done to exactly those that it named, or asked about again."""
    names = sorted(f"{table.task} {table.identity}" for table in tables)
    return hashlib.sha256("\n".join(names).encode()).hexdigest()
