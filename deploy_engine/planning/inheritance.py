"""Which effects of a plan come from an earlier revision that was never deployed, and not from the change itself.

A plan compares what is wanted with what runs, so it also brings what was accepted before and is still to be deployed.
Only people are told: what is approved, and what happens, is the whole plan.
"""

from __future__ import annotations

from deploy_engine.config.physical_names import dms_name
from deploy_engine.diffing import DocumentDifference
from deploy_engine.planning.plan import EffectKind, Plan, SideEffect

_ABOUT_TABLES_AND_TASKS = frozenset(
    {
        EffectKind.REMOVE_TASK,
        EffectKind.REMOVE_TABLE,
        EffectKind.PAUSE_TABLE,
        EffectKind.RELOAD,
        EffectKind.LOAD,
        EffectKind.RETIRE_VERSION,
        EffectKind.CREATE_TASK,
    }
)


def inherited_effects(plan: Plan, change: DocumentDifference) -> tuple[SideEffect, ...]:
    """Effects on tables and tasks that ``change``, the edit of the team's document, does not touch."""
    if plan.team is None:
        return ()
    team = plan.team
    tables = {(dms_name(team, entry.task), entry.table) for entry in change.tables}
    settings = (setting.place.split("/") for setting in change.settings)
    whole = {
        *(parts[1] for parts in settings if parts[0] == "tasks"),
        *change.tasks_added,
        *change.tasks_removed,
    }
    tasks = {dms_name(team, name) for name in whole}
    of_task = tasks | {task for task, _ in tables}

    def own(effect: SideEffect) -> bool:
        if effect.kind not in _ABOUT_TABLES_AND_TASKS or effect.task in tasks:
            return True
        return (effect.task, effect.table) in tables if effect.table else effect.task in of_task

    return tuple(effect for effect in plan.side_effects if not own(effect))
