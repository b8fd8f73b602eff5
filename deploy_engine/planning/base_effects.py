"""What a change of the base stack does to the teams, in sentences: to all of them, team by team, task by task."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from deploy_engine.checks.case import Case
from deploy_engine.config.physical_names import team_of
from deploy_engine.diffing import TaskConsequence
from deploy_engine.planning.plan import EffectKind, SideEffect
from deploy_engine.planning.run_state_effects import PAUSE_SECONDS, SECONDS_PER_TASK, of_run_state
from deploy_engine.planning.wording import about

NOBODY = "No team's tasks are affected: nothing that a running task uses changes."


def of_base(case: Case, consequences: Sequence[TaskConsequence]) -> Iterator[SideEffect]:
    """Every task that pauses; before them one sentence for all teams."""
    pausing = [task for task in consequences if task.pauses]
    if pausing:
        seconds = base_pause_seconds(len(pausing))
        message = f"{affected(case, pausing)} The first to stop stands still the longest, for {about(seconds)}."
        yield SideEffect(EffectKind.PAUSE, "", "", message, seconds)
    for task in pausing:
        yield from of_run_state(case, task, 1)


def base_pause_seconds(tasks: int) -> int:
    """How long the first of so many tasks stands still, seconds."""
    return PAUSE_SECONDS + SECONDS_PER_TASK * (tasks - 1) if tasks else 0


def affected(case: Case, pausing: Sequence[TaskConsequence]) -> str:
    """``All 3 teams are affected: food (2 tasks), orders (1 task) and users (1 task).``"""
    counts = Counter(team_of(task.name) for task in pausing)
    every = {*case.subject.environment.teams, *counts}
    many = f"All {len(counts)} teams are" if len(counts) > 1 else "The one team is"
    if len(counts) < len(every):
        many = f"{len(counts)} of {len(every)} teams {'is' if len(counts) == 1 else 'are'}"
    named = [f"{team} ({count} task{'s'[: count != 1]})" for team, count in sorted(counts.items())]
    return f"{many} affected: {', '.join(named)}."
