"""The filters of the list of people, and the forms by which the platform team gives and takes roles."""

from __future__ import annotations

from typing import Any

from django import forms

from replication.choices import GlobalRoleName, TeamRole
from replication.models import Team
from replication.selectors.people import PersonFilters

NO_ROLE = "none"


class PeopleFilterForm(forms.Form):
    """All in the address; what makes no sense filters nothing."""

    words = forms.CharField(label="Name, user name or e-mail", required=False, max_length=100)
    team = forms.ChoiceField(required=False)
    role = forms.ChoiceField(required=False, choices=[("", "Any role"), *TeamRole.choices, *GlobalRoleName.choices])
    closed = forms.BooleanField(label="Closed accounts too", required=False)

    def __init__(self, *args: Any, teams: list[Team], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self.fields["team"], [("", "Any team"), *((team.slug, team.slug) for team in teams)])

    @property
    def filters(self) -> PersonFilters:
        """What to list."""
        self.is_valid()
        chosen = self.cleaned_data
        return PersonFilters(
            words=chosen.get("words", ""),
            team=chosen.get("team", ""),
            role=chosen.get("role", ""),
            closed=bool(chosen.get("closed")),
        )


class PersonForm(forms.Form):
    """A new account."""

    first_name = forms.CharField(max_length=150)
    last_name = forms.CharField(max_length=150, required=False)
    username = forms.CharField(max_length=150, label="User name", help_text="What they sign in with. It never changes.")
    email = forms.EmailField(label="E-mail", required=False)


class TeamRoleForm(forms.Form):
    """The role of a person in one team."""

    team = forms.ModelChoiceField(Team.objects.all(), to_field_name="slug")
    role = forms.ChoiceField(choices=[*TeamRole.choices, (NO_ROLE, "not in the team")])


class CompanyRoleForm(forms.Form):
    """A role for the whole company, given or taken."""

    role = forms.ChoiceField(choices=GlobalRoleName.choices)
    granted = forms.TypedChoiceField(choices=[("yes", "yes"), ("no", "no")], coerce=lambda word: word == "yes")


class AccountForm(forms.Form):
    """Closing an account, or opening it again."""

    active = forms.TypedChoiceField(choices=[("yes", "yes"), ("no", "no")], coerce=lambda word: word == "yes")
    reason = forms.CharField(required=False, max_length=300)


def _offer(field: forms.Field, choices: list[tuple[str, str]]) -> None:
    if isinstance(field, forms.ChoiceField):
        field.choices = choices
