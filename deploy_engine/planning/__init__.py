"""From a config and an observation to a plan: pure, total and deterministic."""

from deploy_engine.planning.plan import (
    EffectKind,
    Flavour,
    Load,
    Plan,
    Resources,
    SideEffect,
    Step,
)
from deploy_engine.planning.plan_record import plan_from_record, plan_to_record

__all__ = [
    "EffectKind",
    "Flavour",
    "Load",
    "Plan",
    "Resources",
    "SideEffect",
    "Step",
    "plan_from_record",
    "plan_to_record",
]
