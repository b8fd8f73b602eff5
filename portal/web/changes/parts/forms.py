"""The form of a source or an instance, made from its model."""

from __future__ import annotations

from typing import Any

from django import forms

from portal.web.changes.proposing.forms import ProposalForm
from portal.web.changes.proposing.model_fields import changed_values, given_values, model_fields
from replication.services.change_request_part_edits import PartKind


class PartForm(ProposalForm):
    """Every key of the model; a new part also has a name, which stays as it is for ever.

    `secrets` is the prefix under which the team's secrets lie.
    """

    name = forms.CharField(
        max_length=60,
        help_text="Lower-case letters, digits and single hyphens; it stays as it is.",
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, kind: PartKind, is_new: bool, secrets: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._is_new = is_new
        if not is_new:
            del self.fields["name"]
        self._keys = model_fields(kind.model)
        for key in {"secret", "catalogue_secret"} & self._keys.keys():
            self._keys[key].widget.attrs |= {"placeholder": f"{secrets}…", "autocapitalize": "none"} if secrets else {}
        self.fields |= self._keys

    @property
    def changes(self) -> dict[str, Any]:
        """The values that were changed."""
        return changed_values(self, self._keys)

    @property
    def values(self) -> dict[str, Any]:
        """All values that were given."""
        return given_values(self, self._keys)

    def clean(self) -> None:
        """Refuse an edit in which nothing was changed."""
        super().clean()
        if not self._is_new and not self.errors and not self.changes:
            raise forms.ValidationError("No value was changed.")
