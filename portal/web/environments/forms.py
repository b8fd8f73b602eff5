"""Forms about an environment's file, by place (`network.vpc`). Whether a value fits is the model's word."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.http import QueryDict

from deploy_engine.config import EnvironmentFile
from portal.shell.shown_values import changed_as_shown
from replication.errors import EditMeanwhile

LISTS = frozenset({"network.subnets", "allowed_host_suffixes"})
_LINES = {"rows": 3, "class": "mono", "autocapitalize": "none", "spellcheck": "false"}
_PLAIN = {"autocapitalize": "none", "spellcheck": "false"}


def _text(label: str, help_text: str, *, longest: int = 200) -> forms.CharField:
    return forms.CharField(
        label=label, help_text=help_text, max_length=longest, widget=forms.TextInput(attrs=dict(_PLAIN))
    )


def _lines(label: str, help_text: str, *, required: bool) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=f"{help_text} One per line.",
        required=required,
        max_length=5000,
        widget=forms.Textarea(attrs=dict(_LINES)),
    )


def file_fields() -> dict[str, forms.Field]:
    """One field for each value of the file, in its order; the endpoint of a local environment is not asked for."""
    role = "arn:aws:iam::<account>:role/<name>; what it may do: python -m deploy_engine policies"
    return {
        "account": _text("AWS account", "Twelve digits.", longest=12),
        "region": _text("Region", "Such as eu-west-1.", longest=30),
        "lake_bucket": _text("Lake bucket", "Where the tables' data goes.", longest=63),
        "templates_bucket": _text(
            "Templates bucket", "Where CloudFormation reads templates; never the lake.", longest=63
        ),
        "network.vpc": _text("VPC", "The network of the replication instances.", longest=30),
        "network.subnets": _lines("Subnets", "At least two, in two availability zones.", required=True),
        "roles.planner": _text("Role that reads (planner)", role),
        "roles.deployer": _text("Role that deploys (deployer)", role),
        "roles.cloudformation": _text("Role of CloudFormation", role),
        "allowed_host_suffixes": _lines(
            "Hosts that the table picker may connect to",
            "The ends of host names, such as .db.example.internal; none: it connects to nothing.",
            required=False,
        ),
    }


def file_values(file: EnvironmentFile) -> dict[str, str]:
    """What the fields begin with."""
    value = file.model_dump(mode="json")
    flat = {**value, **{f"{group}.{key}": item for group in ("network", "roles") for key, item in value[group].items()}}
    return {place: "\n".join(flat[place]) if place in LISTS else flat[place] for place in file_fields()}


def given(cleaned: Mapping[str, Any], places: Iterable[str]) -> dict[str, Any]:
    """What was typed, as the file has it."""
    return {
        place: [line.strip() for line in cleaned[place].splitlines() if line.strip()]
        if place in LISTS
        else cleaned[place].strip()
        for place in places
    }


class ChangeForm(forms.Form):
    """Other values for an environment, and why.

    `seen` is the hash of the document that the form shows: of the open change request's, or of what is accepted.
    """

    title = forms.CharField(
        label="Title of the change", required=False, max_length=200, help_text="Left empty, it says what is proposed."
    )
    description = forms.CharField(
        label="Why? (optional)", required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, data: QueryDict | None, *, file: EnvironmentFile, frozen: Mapping[str, str], seen: str) -> None:
        super().__init__(data, initial=file_values(file))
        self.seen = str(self.data.get("seen") or seen)
        self._seen_now = seen
        self.overtaken_by: tuple[EditMeanwhile, ...] = ()
        own = file_fields()
        for each in own.values():
            each.show_hidden_initial = True
        for place, reason in frozen.items():
            own[place].disabled = True
            own[place].help_text = f"It stays as it is: {reason}."
        self._places = [place for place in own if place not in frozen]
        self.fields = {**own, **self.fields}

    @property
    def changes(self) -> dict[str, Any]:
        """The values that were changed."""
        return given(self.cleaned_data, [place for place in self._places if changed_as_shown(self, place)])

    def overtaken(self, changes: Iterable[EditMeanwhile]) -> None:
        """Say who edited meanwhile what this would edit; sent again, it goes on top of that."""
        self.overtaken_by, self.seen = tuple(changes), self._seen_now
        self.add_error(None, "Somebody edited the same meanwhile. What you typed is still here.")

    def clean(self) -> None:
        """Refuse a form in which nothing was changed."""
        super().clean()
        if not self.errors and not self.changes:
            raise forms.ValidationError("No value was changed.")


class NewEnvironmentForm(forms.Form):
    """A name and the whole file."""

    name = _text(
        "Name", "Lower-case letters, digits and single hyphens. It is part of every stack's name, for ever.", longest=30
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._places = file_fields()
        self.fields |= self._places

    @property
    def values(self) -> dict[str, Any]:
        """The file."""
        return given(self.cleaned_data, self._places)


class NewTeamForm(forms.Form):
    """A team in an environment: who it is, and whom to tell."""

    slug = _text(
        "Team", "2 to 20 lower-case letters and digits; it names the team's stacks and secrets, for ever.", longest=20
    )
    title = _text("Title", "What people call it.")
    contacts = _lines("Contacts", "E-mail addresses.", required=True)
    alert_channel = _text(
        "Alert channel", "An e-mail address or an https address that AWS sends alarms to.", longest=300
    )
