"""The form that confirms an act on tables."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from django import forms

from portal.web.changes.proposing.forms import TYPED, ProposalForm, TypedConfirmation, offer
from replication.selectors.table_acts import ChosenTable, TableAct


class TableActForm(ProposalForm):
    """Where to propose it; for a move the task to move to; for a removal the word that confirms it."""

    target = forms.ChoiceField(
        label="Move to which task?",
        required=False,
        error_messages={"invalid_choice": "Choose one of these tasks."},
    )

    def __init__(self, *args: Any, act: TableAct, targets: Sequence[str], word: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if act is TableAct.MOVE:
            offer(self.fields["target"], targets)
            self.fields["target"].widget = forms.RadioSelect(choices=[(name, name) for name in targets])
        else:
            del self.fields["target"]
        if word:
            self.fields[TYPED] = TypedConfirmation(word)


def digest_of(tables: Sequence[ChosenTable]) -> str:
    """A page names tables by it: the act is done to exactly those that it named, or asked about again."""
    names = sorted(f"{table.task} {table.identity}" for table in tables)
    return hashlib.sha256("\n".join(names).encode()).hexdigest()
