"""The form that promotes: the values that the target has to own, and the word that confirms what goes."""

from __future__ import annotations

from typing import Any

from django import forms

from deploy_engine.config import Instance, Source
from portal.web.changes.proposing.forms import TYPED, ProposalForm, TypedConfirmation
from portal.web.changes.proposing.model_fields import LONGEST_TEXT, model_fields
from replication.selectors.promotion import Promotion

_MODELS: dict[str, type[Source] | type[Instance]] = {"sources": Source, "instances": Instance}
_HELP = {
    "secret": "The Secrets Manager secret in the target's own account, under the team's prefix.",
    "catalogue_secret": "Left empty, the table picker does not read this source there.",
    "class": "How large it is there is the target's own matter.",
    "alert_channel": "Who is told there when something breaks.",
}


class PromotionForm(ProposalForm):
    """What every proposal asks, in a new change request; `ends` is typed where replication of something ends."""

    def __init__(self, *args: Any, promotion: Promotion, ends: str, **kwargs: Any) -> None:
        initial = {"where": "new", **promotion.owned}
        super().__init__(*args, open_changes=(), initial=initial, **kwargs)
        self._owned = tuple(promotion.owned)
        for place in self._owned:
            self.fields[place] = _field(place)
        if ends:
            self.fields[TYPED] = TypedConfirmation(ends)

    @property
    def own(self) -> dict[str, Any]:
        """What was given for each place; an emptied optional value is None."""
        return {place: self.cleaned_data[place] or None for place in self._owned}


def _field(place: str) -> forms.Field:
    kind, _, rest = place.partition(".")
    if kind not in _MODELS:
        return forms.CharField(label="Alert channel", max_length=LONGEST_TEXT, help_text=_HELP[kind])
    name, _, key = rest.rpartition(".")
    field = model_fields(_MODELS[kind])[key]
    field.label = f"{field.label} of {name}"
    field.help_text = _HELP.get(key, field.help_text)
    return field
