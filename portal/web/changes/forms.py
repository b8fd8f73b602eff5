"""The filters of the list, and the small forms of the change request page."""

from __future__ import annotations

from typing import Any

from django import forms

from replication.choices import ChangeRequestState
from replication.models import Environment, Team
from replication.selectors.change_request_list import ChangeRequestFilters

SHOWN = {"open": "Open", "mine": "Mine", "all": "All"}
"""The three lists, by their word in the address."""


class FilterForm(forms.Form):
    """The list's filters, all in the address; what makes no sense filters nothing."""

    show = forms.ChoiceField(required=False, choices=list(SHOWN.items()), widget=forms.HiddenInput)
    environment = forms.ChoiceField(required=False)
    team = forms.ChoiceField(required=False)
    state = forms.ChoiceField(required=False)
    words = forms.CharField(label="Title, author or number", required=False, max_length=100)

    def __init__(self, *args: Any, environments: list[Environment], teams: list[Team], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self.fields["environment"], "every environment", [(row.name, row.name) for row in environments])
        _offer(self.fields["team"], "every team", [(row.slug, row.slug) for row in teams])
        _offer(self.fields["state"], "any state", [(state.value, str(state.label)) for state in ChangeRequestState])

    @property
    def filters(self) -> ChangeRequestFilters:
        """What to list."""
        self.is_valid()
        given = {name: self.cleaned_data.get(name, "") for name in ("environment", "team", "state", "words")}
        return ChangeRequestFilters(show=self.cleaned_data.get("show") or "open", **given)


class RenameForm(forms.Form):
    """Title and description of a change request; `seen` stands for what they were when the form was shown."""

    title = forms.CharField(max_length=200)
    description = forms.CharField(
        label="Why? (optional)", required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 4})
    )
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)


TABLES_OFFERED = 50
"""Of a larger change the others are chosen by the link beside each table."""


class CommentForm(forms.Form):
    """A remark on the whole change, or on one of its tables."""

    body = forms.CharField(
        label="Comment",
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Write something first."},
    )
    table = forms.ChoiceField(label="About", required=False)

    def __init__(self, *args: Any, tables: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self.fields["table"], "the whole change", [(table, table) for table in tables])
        chosen = self["table"].value()
        offered = tables[:TABLES_OFFERED] + [table for table in tables[TABLES_OFFERED:] if table == chosen]
        self.fields["table"].widget.choices = [("", "the whole change"), *((table, table) for table in offered)]


def _offer(field: forms.Field, nothing: str, choices: list[tuple[str, str]]) -> None:
    if isinstance(field, forms.ChoiceField):
        field.choices = [("", nothing), *choices]
