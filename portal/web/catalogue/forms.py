"""The filters of the catalogue, and the key in its addresses."""

from __future__ import annotations

from typing import Any

from django import forms

from replication.choices import Delivery
from replication.selectors.catalogue import CatalogueFilters, Key

_PARTS = 4


class CatalogueForm(forms.Form):
    """All in the address; what makes no sense filters nothing."""

    q = forms.CharField(
        label="Table",
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"placeholder": "any part of source, schema or table"}),
    )
    team = forms.ChoiceField(required=False)
    delivery = forms.ChoiceField(required=False, choices=[("", "Any pace"), *Delivery.choices])

    def __init__(self, *args: Any, teams: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["team"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", "Any team"), *((slug, slug) for slug in teams)]

    @property
    def filters(self) -> CatalogueFilters:
        """What to list."""
        self.is_valid()
        chosen = self.cleaned_data
        return CatalogueFilters(
            words=chosen.get("q", ""), team=chosen.get("team", ""), delivery=chosen.get("delivery", "")
        )


def key_from(text: str) -> Key | None:
    """`source/schema/table/version` of an address; None where it is no such key."""
    parts = text.split("/")
    return (parts[0], parts[1], parts[2], parts[3]) if len(parts) == _PARTS and all(parts) else None


def key_text(key: Key) -> str:
    """The key as an address has it."""
    return "/".join(key)
