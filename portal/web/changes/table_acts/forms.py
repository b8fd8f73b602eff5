"""The form that confirms an act on tables."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from django import forms

from portal.web.changes.proposing.forms import ProposalForm, offer
from replication.selectors.table_acts import ChosenTable, TableAct


class TableActForm(ProposalForm):
    """Where to propose it; for a move the task to move to; for a removal the word that confirms it."""

    target = forms.ChoiceField(
        label="Move to which task?",
        required=False,
        error_messages={"invalid_choice": "Choose one of these tasks."},
    )
    typed = forms.CharField(
        required=False, max_length=100, strip=True, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )

    def __init__(self, *args: Any, act: TableAct, targets: Sequence[str], word: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._word = word
        if act is TableAct.MOVE:
            offer(self.fields["target"], targets)
            self.fields["target"].widget = forms.RadioSelect(choices=[(name, name) for name in targets])
        else:
            del self.fields["target"]
        if word:
            self.fields["typed"].label = f"Type {word} to confirm"
        else:
            del self.fields["typed"]

    def clean_typed(self) -> str:
        """The word that confirms a destructive act."""
        typed: str = self.cleaned_data["typed"]
        if typed != self._word:
            raise forms.ValidationError(f"Type “{self._word}” to confirm that replication ends.")
        return typed


def digest_of(tables: Sequence[ChosenTable]) -> str:
    """A page names tables by it: the act is done to exactly those that it named, or asked about again."""
    names = sorted(f"{table.task} {table.identity}" for table in tables)
    return hashlib.sha256("\n".join(names).encode()).hexdigest()
