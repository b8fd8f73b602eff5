"""The review policy of a team in an environment as a value, and what it says of a plan.

One place decides what is risky and what is then demanded: requirements ask it for a change under review, the preview
for changes of the past.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from deploy_engine.planning import EffectKind, Plan
from replication.choices import Demanded
from replication.freezing import Window, windows_read
from replication.models import ChangeRequest, TeamSetup

RISKY_EFFECTS = {
    EffectKind.RELOAD: "a table reloads",
    EffectKind.PAUSE_TABLE: "a table pauses, and comes back only by a new load",
    EffectKind.GIVE_UP_LOAD: "a load is given up",
    EffectKind.REMOVE_TABLE: "a table or a task is removed",
    EffectKind.REMOVE_TASK: "a table or a task is removed",
}
"""Effects that lose data or load it again, and how that is said."""

_LEADS_ELSEWHERE = ("engine", "database", "secret", "catalogue_secret")


@dataclass(frozen=True)
class ReviewPolicy:
    """How many approvals a harmless and a risky plan need, what makes a plan risky, and what else is demanded."""

    approvals_harmless: int = 1
    approvals_risky: int = 1
    platform_approves_risky: bool = True
    risky_pause_minutes: int = 15
    risky_loads: int | None = None
    rehearsal: Demanded = Demanded.NEVER
    trial: Demanded = Demanded.NEVER
    windows: tuple[Window, ...] = ()

    def risk_of(self, plan: Plan | None) -> str:
        """Why the plan is risky, as the end of a sentence; empty where it is not."""
        if plan is None:
            return ""
        kinds = {effect.kind for effect in plan.side_effects}
        worst = next((words for kind, words in RISKY_EFFECTS.items() if kind in kinds), "")
        if worst:
            return worst
        if plan.pause_estimate_seconds > self.risky_pause_minutes * 60:
            return f"tasks pause for more than {self.risky_pause_minutes} minutes"
        loads = sum(len(step.loads) for step in plan.steps)
        if self.risky_loads is not None and loads > self.risky_loads:
            return f"{loads} tables load, more than {self.risky_loads}"
        return ""


BASE_POLICY = ReviewPolicy()
"""The base stack's: the platform team approves whatever changes it."""


def review_policy_of(setup: TeamSetup | None) -> ReviewPolicy:
    """The policy that the row holds; the default's for a team that is not set up yet."""
    if setup is None:
        return ReviewPolicy()
    return ReviewPolicy(
        approvals_harmless=setup.approvals_needed,
        approvals_risky=setup.approvals_risky,
        platform_approves_risky=setup.platform_approves_risky,
        risky_pause_minutes=setup.risky_pause_minutes,
        risky_loads=setup.risky_loads,
        rehearsal=Demanded(setup.rehearsal),
        trial=Demanded(setup.trial),
        windows=windows_read(setup.freeze_windows),
    )


def review_policy_for(change_request: ChangeRequest) -> ReviewPolicy:
    """The policy that a change request is under."""
    if change_request.team_id is None:
        return BASE_POLICY
    return review_policy_of(
        TeamSetup.objects.filter(team=change_request.team_id, environment=change_request.environment_id).first()
    )


def platform_matter(proposed: dict[str, Any], base: dict[str, Any] | None) -> str:
    """Why the platform team has to look at a team's document whatever its plan: what it connects to; else empty."""
    if base is None:
        return "the team is new"
    team, before = proposed["team"], base["team"]
    if team["alert_channel"] != before["alert_channel"]:
        return "the alert channel changes"
    for name, source in team["sources"].items():
        was = before["sources"].get(name)
        if was is None:
            return f"the source {name} is new"
        if any(source.get(key) != was.get(key) for key in _LEADS_ELSEWHERE):
            return f"the source {name} leads elsewhere"
    return ""
