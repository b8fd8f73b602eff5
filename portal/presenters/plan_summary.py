"""A plan in one line and in sentences: for `components/summary_bar.html` and `components/effects.html`.

Everything is counted from the plan itself: a config that differs in ten places and makes DMS do nothing says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from deploy_engine.diffing import DocumentDifference
from deploy_engine.planning import EffectKind, Flavour, Plan, SideEffect, inherited_effects
from portal.presenters.words import counted
from portal.templatetags.sluice import duration


@dataclass(frozen=True)
class Count:
    """One figure of the bar; a zero is shown quietly."""

    symbol: str
    number: int
    noun: str
    tone: str


@dataclass(frozen=True)
class Summary:
    """The bar: figures, what pauses ("" for nothing), and how many steps."""

    counts: tuple[Count, ...]
    pause: str
    shape: str


@dataclass(frozen=True)
class Effect:
    """One sentence about what happens, with the reason why it has to."""

    icon: str
    tone: str
    sentence: str
    reason: str
    estimate: str


@dataclass(frozen=True)
class Effects:
    """What a plan does, worst first; `calm` is said when nothing is lost or loaded again.

    `inherited` comes from earlier revisions that were never deployed, and happens with this plan all the same.
    """

    items: tuple[Effect, ...]
    inherited: tuple[Effect, ...]
    calm: str
    unaffected: tuple[str, ...]
    unknown: tuple[str, ...]


@dataclass(frozen=True)
class Figures:
    """How many tables a plan adds, loads again, removes and pauses, over all of its steps.

    `ended` are older versions of tables that go on under a newer one, in another task.
    """

    added: int
    reloaded: int
    removed: int
    paused: int
    ended: int


SHAPES = {Flavour.NONE: "nothing to do", Flavour.SINGLE_STEP: "one step", Flavour.TWO_STEP: "two steps"}
"""How a plan's flavour is said."""

FACES: Mapping[EffectKind, tuple[str, str, str]] = {
    EffectKind.REMOVE_TASK: (
        "minus",
        "remove",
        "It is no longer in the config. What it wrote stays in the lake.",
    ),
    EffectKind.REMOVE_TABLE: ("minus", "remove", "It is no longer in the task's list."),
    EffectKind.PAUSE_TABLE: ("pause", "change", "Its entry in the config says that it is paused."),
    EffectKind.RELOAD: ("rotate-cw", "reload", "Its version changes, so it is read again into a folder of its own."),
    EffectKind.GIVE_UP_LOAD: ("x", "remove", "A platform engineer named it: its load runs away."),
    EffectKind.LOAD: ("plus", "add", "DMS reads a new table as a whole before it follows its changes."),
    EffectKind.RETIRE_VERSION: ("check", "change", "A newer version of it has been loaded beside it."),
    EffectKind.STAY_STOPPED: ("square", "change", ""),
    EffectKind.PAUSE: ("pause", "change", "DMS changes a task, and what it stands on, only while it is stopped."),
    EffectKind.RESUME: ("play", "add", "Its config says that it runs."),
    EffectKind.CREATE_TASK: ("plus", "add", ""),
    EffectKind.DELETE_STACK: ("minus", "neutral", "CloudFormation takes nothing else for a stack that never came up."),
}
"""Icon (a lucide name), tone and standing reason of each kind of effect."""

HARMS = frozenset(
    {
        EffectKind.REMOVE_TASK,
        EffectKind.REMOVE_TABLE,
        EffectKind.PAUSE_TABLE,
        EffectKind.RELOAD,
        EffectKind.GIVE_UP_LOAD,
    }
)
SAYS_ITS_OWN_TIME = frozenset({EffectKind.PAUSE, EffectKind.RELOAD, EffectKind.LOAD})


def plan_figures(plan: Plan) -> Figures:
    """Tables by what happens to them; one that is removed and added again is a reload."""
    added = {table for step in plan.steps for table in step.tables_add}
    removed = {table for step in plan.steps for table in step.tables_remove}
    again = added & removed
    ended, paused = _tables_of(plan, EffectKind.RETIRE_VERSION), tables_paused(plan)
    return Figures(len(added - again), len(again), len(removed - again - ended - paused), len(paused), len(ended))


def tables_paused(plan: Plan) -> frozenset[str]:
    """The tables that leave their tasks and stay in the config, paused; of none of them does replication end."""
    return _tables_of(plan, EffectKind.PAUSE_TABLE) - _tables_of(plan, EffectKind.REMOVE_TABLE)


def _tables_of(plan: Plan, kind: EffectKind) -> frozenset[str]:
    return frozenset(effect.table for effect in plan.side_effects if effect.kind is kind)


def plan_summary(plan: Plan, *, settings_changed: int | None = None) -> Summary:
    """The bar of `plan`; `settings_changed` is how many values beside the tables differ, None where nobody compared."""
    figures = plan_figures(plan)
    paused = len(plan.paused_tasks)
    counts = [
        Count("+", figures.added, "table" if figures.added == 1 else "tables", "add"),
        Count("↻", figures.reloaded, "reload" if figures.reloaded == 1 else "reloads", "reload"),
        Count("−", figures.removed, "removed", "remove"),
    ]
    if figures.paused:
        counts.append(Count("‖", figures.paused, "table pauses" if figures.paused == 1 else "tables pause", "change"))
    if figures.ended:
        counts.append(Count("✓", figures.ended, "version ends" if figures.ended == 1 else "versions end", "change"))
    if settings_changed is not None:
        noun = "setting" if settings_changed == 1 else "settings"
        counts.insert(1, Count("~", settings_changed, noun, "change"))
    return Summary(
        counts=tuple(counts),
        pause=f"{counted(paused, 'task')}, {about(plan.pause_estimate_seconds)}" if paused else "",
        shape=SHAPES[plan.flavour],
    )


def plan_effects(
    plan: Plan, *, results: Sequence[Mapping[str, Any]] = (), difference: DocumentDifference | None = None
) -> Effects:
    """Every effect of `plan`, and what the checks (as the engine writes them to JSON) could not find out.

    `difference` is what the change itself edits; effects on anything else are inherited.
    """
    inherited = inherited_effects(plan, difference) if difference is not None else ()
    harmless = not any(effect.kind in HARMS for effect in plan.side_effects)
    return Effects(
        items=tuple(_effect(effect) for effect in plan.side_effects if effect not in inherited),
        inherited=tuple(_effect(effect) for effect in inherited),
        calm="Nothing reloads, and nothing is removed." if harmless else "",
        unaffected=(plan.not_affected,),
        unknown=could_not_be_checked(results),
    )


def could_not_be_checked(results: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """One sentence for each check that could not run."""
    sentences = []
    for result in results:
        if result.get("could_not_run"):
            found = "; ".join(str(finding["message"]) for finding in result.get("findings", ()))
            why = found or str(result.get("reason", ""))
            sentences.append(sentence(f"{result['title']}: {why}" if why else f"{result['title']} could not run"))
    return tuple(sentences)


def about(seconds: float) -> str:
    """An estimate as people say it: "about 2 min", "about 4 h 10 min"."""
    return f"about {duration(round(seconds / 60) * 60 if seconds >= 60 else seconds)}"


def sentence(text: str) -> str:
    """`text` with a full stop at its end."""
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _effect(effect: SideEffect) -> Effect:
    icon, tone, reason = FACES[effect.kind]
    known = effect.estimate_seconds is not None and effect.kind not in SAYS_ITS_OWN_TIME
    return Effect(icon, tone, sentence(effect.message), reason, about(effect.estimate_seconds or 0) if known else "")
