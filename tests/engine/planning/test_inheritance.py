"""Effects that an earlier, undeployed revision left are told apart from those of the change itself."""

from __future__ import annotations

from deploy_engine.config import Subject
from deploy_engine.diffing import compare_documents
from deploy_engine.planning import inherited_effects, make_plan
from tests.engine.planning.building import case, completed, planned, running, subject, task

A, B, C = "a@v202001010000", "b@v202002020000", "c@v202003030000"


def inherited(deployed: Subject, accepted: Subject, proposed: Subject) -> list[tuple[str, str]]:
    tasks = deployed.team.document.tasks
    loaded = {
        f"food-{name}": completed(*(entry.reference.table for entry in tasks[name].active_tables)) for name in tasks
    }
    plan = planned(make_plan(case(proposed, deployed, running(*tasks), loaded)))
    effects = inherited_effects(plan, compare_documents(accepted.team.document, proposed.team.document))
    return [(effect.kind.value, effect.table.split("/")[-1] or effect.task) for effect in effects]


def test_inherited_effects__a_table_accepted_before_loads_too__is_told_apart() -> None:
    assert inherited(subject(search=task(A)), subject(search=task(A, B)), subject(search=task(A, B, C))) == [
        ("load", "b")
    ]


def test_inherited_effects__a_removal_accepted_before__is_told_apart() -> None:
    assert inherited(subject(search=task(A, B)), subject(search=task(A)), subject(search=task(A, C))) == [
        ("remove-table", "b")
    ]


def test_inherited_effects__a_task_accepted_before__is_told_apart_with_its_tables() -> None:
    accepted = subject(search=task(A), other=task(B))
    assert inherited(subject(search=task(A)), accepted, subject(search=task(A, C), other=task(B))) == [
        ("load", "b"),
        ("create-task", "food-other"),
    ]


def test_inherited_effects__everything_else_is_deployed__are_none() -> None:
    deployed = subject(search=task(A, B), other=task(C))
    proposed = subject(search=task("a@v202603011200"), other=task(C, paused=True))
    assert inherited(deployed, deployed, proposed) == []
