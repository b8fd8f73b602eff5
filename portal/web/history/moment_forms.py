"""The forms that choose moments: one, two, or since when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils.http import urlencode

from portal.web.history.forms import choices_of, moment_input
from replication.models import Environment, Team
from replication.selectors.company_moments import Within

BASE = "-"
"""What stands for the base stack where a team is chosen; no team can be called so."""


class ScopeForm(forms.Form):
    """An environment and a team; what is not chosen narrows nothing."""

    environment = forms.ChoiceField(required=False)
    team = forms.ChoiceField(required=False)

    def __init__(self, data: Any, *, environments: Sequence[Environment]) -> None:
        super().__init__(data)
        self._environments = {each.name: each for each in environments}
        self._teams = {team.slug: team for team in Team.objects.all()}
        choices_of(self.fields["environment"], "All environments", list(self._environments))
        choices_of(self.fields["team"], "All teams", list(self._teams))
        self.is_valid()

    @property
    def chosen(self) -> bool:
        """Whether one scope is chosen: an environment, and a team or the base stack."""
        return self.chosen_environment is not None and bool(self.cleaned_data.get("team"))

    @property
    def chosen_environment(self) -> Environment | None:
        """The chosen environment."""
        return self._environments.get(self.cleaned_data.get("environment", ""))

    @property
    def chosen_team(self) -> Team | None:
        """The chosen team."""
        return self._teams.get(self.cleaned_data.get("team", ""))

    @property
    def within(self) -> Within:
        """Which scopes were chosen."""
        return Within(self.chosen_environment, self.chosen_team, self.cleaned_data.get("team") == BASE)

    @property
    def chosen_task(self) -> str:
        """The chosen task's name, where one can be chosen; empty: all of them."""
        return str(self.cleaned_data.get("task", ""))

    @property
    def named(self) -> tuple[str, str]:
        """What was chosen of environment and team, for the name of a file; empty: all of them."""
        environment, team = (self.cleaned_data.get(name, "") for name in ("environment", "team"))
        return environment, "base" if team == BASE else team

    @property
    def scope_query(self) -> str:
        """What was chosen of environment and team, as a part of an address."""
        chosen = {name: self.cleaned_data.get(name, "") for name in ("environment", "team")}
        return urlencode({name: value for name, value in chosen.items() if value})

    def moment(self, name: str, default: datetime) -> datetime:
        """What stands in the field, else the default."""
        chosen: datetime | None = self.cleaned_data.get(name)
        return chosen or default


class SinceForm(ScopeForm):
    """Since when."""

    since = forms.DateTimeField(required=False, label="Since (UTC)", widget=moment_input())


class _WithBaseForm(ScopeForm):
    """Where the base stack stands beside the teams."""

    def __init__(self, data: Any, *, environments: Sequence[Environment]) -> None:
        super().__init__(data, environments=environments)
        team = self.fields["team"]
        if isinstance(team, forms.ChoiceField):
            team.choices = [("", "All teams"), (BASE, "the base stack"), *((slug, slug) for slug in self._teams)]
        self.full_clean()


class AsOfForm(_WithBaseForm):
    """At which moment, and of which task."""

    field_order = ("environment", "team", "task", "at")
    at = forms.DateTimeField(required=False, label="At (UTC); empty: now", widget=moment_input())
    task = forms.CharField(required=False, widget=forms.TextInput(attrs={"placeholder": "all tasks"}))


class CompareForm(_WithBaseForm):
    """From when to when, and of which task."""

    field_order = ("environment", "team", "task", "since", "until")
    since = forms.DateTimeField(required=False, label="From (UTC)", widget=moment_input())
    until = forms.DateTimeField(required=False, label="To (UTC); empty: now", widget=moment_input())
    task = forms.CharField(required=False, widget=forms.TextInput(attrs={"placeholder": "all tasks"}))
