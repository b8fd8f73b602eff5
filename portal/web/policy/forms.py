"""The form of a team's review policy."""

from __future__ import annotations

from django import forms

from replication.choices import Demanded
from replication.freezing import ALLOWED
from replication.models import TeamSetup
from replication.services.review_policies import PolicyValues

MOST_APPROVALS = 5


class PolicyForm(forms.Form):
    """All of a policy, and why it changes."""

    approvals_needed = forms.IntegerField(
        label="Approvals of a harmless change",
        min_value=0,
        max_value=MOST_APPROVALS,
        help_text="0: a green, harmless change may be merged by its team without a review.",
    )
    approvals_risky = forms.IntegerField(label="Approvals of a risky change", min_value=1, max_value=MOST_APPROVALS)
    platform_approves_risky = forms.BooleanField(
        label="Risky changes are approved by the platform team", required=False
    )
    risky_pause_minutes = forms.IntegerField(
        label="Risky: tasks pause for more than (minutes)", min_value=1, max_value=1440
    )
    risky_loads = forms.IntegerField(
        label="Risky: more tables load than (optional)",
        required=False,
        min_value=0,
        max_value=10_000,
        help_text="A reload and a removal are always risky.",
    )
    rehearsal = forms.ChoiceField(label="A passed rehearsal is needed", choices=Demanded.choices)
    trial = forms.ChoiceField(
        label="What loads has to run in another environment first",
        choices=Demanded.choices,
        help_text="Such as a sandbox, in which its latency was watched.",
    )
    freeze_windows = forms.CharField(
        label="Freeze windows (UTC), one a line",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4, "class": "mono", "spellcheck": "false"}),
        help_text=f"{ALLOWED}. Nothing is merged meanwhile, but in an emergency.",
    )
    reason = forms.CharField(label="Why does it change?", required=False, max_length=1000)

    @property
    def values(self) -> PolicyValues:
        """What was chosen; only of a valid form."""
        chosen = dict(self.cleaned_data)
        chosen.pop("reason")
        return PolicyValues(
            **{**chosen, "rehearsal": Demanded(chosen["rehearsal"]), "trial": Demanded(chosen["trial"])}
        )


def initial_of(setup: TeamSetup) -> dict[str, object]:
    """The policy in force, for an unbound form."""
    return {name: getattr(setup, name) for name in PolicyForm.base_fields if name != "reason"}
