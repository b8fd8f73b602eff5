"""Whether two plans, made over different worlds, do the same: what a rehearsal rests on.

Compared are the steps and the (kind, task, table) of each effect, in the published form (``Plan.as_json``); not
fingerprints, which also cover what happens to be deployed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

_PARTS = {
    "pause": "stops",
    "resume": "resumes",
    "start": "starts for the first time",
    "stay_stopped": "leaves stopped",
}
_INNER = {
    ("tables", "add"): "adds the tables",
    ("tables", "remove"): "removes the tables",
    ("resources", "add"): "adds the resources",
    ("resources", "modify"): "changes the resources",
    ("resources", "remove"): "removes the resources",
}


def plan_differences(expected: Mapping[str, Any], made: Mapping[str, Any]) -> tuple[str, ...]:
    """What the plan ``made`` does otherwise than the ``expected`` one, each in a sentence; empty where they agree."""
    before, after = expected["steps"], made["steps"]
    if len(before) != len(after):
        return (f"it has {len(after)} step{'' if len(after) == 1 else 's'}, not {len(before)}",)
    differences: list[str] = []
    for number, (one, other) in enumerate(zip(before, after, strict=True), start=1):
        for words, wanted, found in _parts(one, other):
            if sorted(wanted) != sorted(found):
                differences.append(f"step {number} {words} {_listed(found)}, not {_listed(wanted)}")
    lacking, new = _effects(expected) - _effects(made), _effects(made) - _effects(expected)
    differences += [f"it lacks the effect {_effect(effect)}" for effect in sorted(lacking)]
    differences += [f"it has the further effect {_effect(effect)}" for effect in sorted(new)]
    return tuple(differences)


def _parts(one: Mapping[str, Any], other: Mapping[str, Any]) -> Iterable[tuple[str, list[str], list[str]]]:
    for key, words in _PARTS.items():
        yield words, one[key], other[key]
    for (outer, inner), words in _INNER.items():
        yield words, one[outer][inner], other[outer][inner]


def _effects(plan: Mapping[str, Any]) -> set[tuple[str, str, str]]:
    return {(effect["kind"], effect["task"], effect["table"]) for effect in plan["side_effects"]}


def _effect(effect: tuple[str, str, str]) -> str:
    kind, task, table = effect
    about = table or task
    return f"“{kind.replace('-', ' ')}”{f' of {about}' if about else ''}"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "none"
