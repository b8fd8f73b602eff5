"""How a plan differs from the one that a reviewer looked at: for `components/replanned.html`."""

from __future__ import annotations

from dataclasses import dataclass

from deploy_engine.planning import Plan, SideEffect
from portal.presenters.plan_summary import SHAPES, sentence


@dataclass(frozen=True)
class Replanned:
    """What the plan does now and did not then, what it did then and does not now, and any other difference in words."""

    comes: tuple[str, ...]
    goes: tuple[str, ...]
    otherwise: tuple[str, ...]


def replanned(then: Plan | None, now: Plan | None) -> Replanned | None:
    """The difference; None where the plans are the same, or one of them is not known."""
    if then is None or now is None or then.fingerprint == now.fingerprint:
        return None
    before, after = {_key(effect) for effect in then.side_effects}, {_key(effect) for effect in now.side_effects}
    return Replanned(
        comes=tuple(sentence(effect.message) for effect in now.side_effects if _key(effect) not in before),
        goes=tuple(sentence(effect.message) for effect in then.side_effects if _key(effect) not in after),
        otherwise=tuple(_otherwise(then, now)),
    )


def _otherwise(then: Plan, now: Plan) -> list[str]:
    said = []
    if then.flavour is not now.flavour:
        said.append(f"It was {SHAPES[then.flavour]}, and is {SHAPES[now.flavour]} now.")
    if then.deployed_sha256 != now.deployed_sha256:
        said.append("What is deployed is no longer what the review's plan started from.")
    pauses = sorted(set(now.paused_tasks) - set(then.paused_tasks))
    if pauses:
        said.append(f"It pauses {', '.join(pauses)} too.")
    return said


def _key(effect: SideEffect) -> tuple[str, str, str]:
    return effect.kind.value, effect.task, effect.table
