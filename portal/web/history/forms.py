"""The filters above the timeline, and the place in time that a page goes on from; both live in the address."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms

from replication.choices import AuditKind
from replication.models import Environment, Team
from replication.selectors.timeline import Moment, TimelineFilters

KINDS = (
    ("", "Everything"),
    ("change_request", "Change requests"),
    ("review", "Reviews"),
    ("checks", "Checks"),
    ("deployment", "Deployments"),
    ("git", "Git"),
    ("company", "Imports"),
    ("team", "Teams"),
    ("membership", "Roles"),
    ("person", "Accounts"),
    ("task", "States of tasks"),
    ("table", "States of tables"),
    ("alarm", "Alarms"),
    ("rehearsal", "Rehearsals"),
    ("environment", "Environments"),
    ("session", "Sign-ins"),
    ("audit", "Exports of the record"),
    ("policy", "Review policies"),
    ("attempt", "Refused attempts"),
    ("incident", "Incidents"),
    ("version", "Versions"),
)
"""What a kind may begin with, in words; one that is not here is offered under its own name."""

DATE_AND_TIME = "%Y-%m-%dT%H:%M"


def kinds_offered() -> list[tuple[str, str]]:
    """Whatever the record may be about."""
    named = dict(KINDS)
    others = sorted({kind.value.partition(".")[0] for kind in AuditKind} - named.keys())
    return [*named.items(), *((name, name.replace("_", " ").capitalize()) for name in others)]


def moment_input() -> forms.DateTimeInput:
    """A field for a moment to the minute, as browsers offer it."""
    return forms.DateTimeInput(format=DATE_AND_TIME, attrs={"type": "datetime-local"})


class TimelineForm(forms.Form):
    """What the timeline shows; nothing chosen shows everything."""

    environment = forms.ChoiceField(required=False)
    team = forms.ChoiceField(required=False)
    kind = forms.ChoiceField(required=False, choices=kinds_offered, label="What")
    person = forms.ChoiceField(required=False, label="Who")
    table = forms.CharField(required=False, widget=forms.TextInput(attrs={"placeholder": "source/schema/table"}))
    since = forms.DateTimeField(required=False, label="From (UTC)", widget=moment_input())
    until = forms.DateTimeField(required=False, label="Until (UTC)", widget=moment_input())

    def __init__(self, data: Any, *, environments: Sequence[Environment], people: Sequence[str]) -> None:
        super().__init__(data)
        choices_of(self.fields["environment"], "All environments", [each.name for each in environments])
        choices_of(self.fields["team"], "All teams", list(Team.objects.values_list("slug", flat=True)))
        choices_of(self.fields["person"], "Everybody", people)

    def filters(self) -> TimelineFilters:
        """What was chosen; a field with an error filters nothing, and its error stands beside it."""
        self.is_valid()
        return TimelineFilters(**{name: value for name, value in self.cleaned_data.items() if value})


def moment_from(text: str) -> Moment | None:
    """The place in time of an address: `2026-11-23T12:00:00.000001+00:00,42`; None where it is none."""
    at, _, key = text.partition(",")
    try:
        moment = datetime.fromisoformat(at)
        return Moment(moment, int(key)) if moment.tzinfo is not None else None
    except ValueError:
        return None


def moment_text(moment: Moment) -> str:
    """The inverse of `moment_from`."""
    return f"{moment.at.isoformat()},{moment.id}"


def choices_of(field: forms.Field, everything: str, names: Sequence[str]) -> None:
    if isinstance(field, forms.ChoiceField):
        field.choices = [("", everything), *((name, name) for name in names)]
