"""From a config and an observation to a plan: pure, total and deterministic."""

from deploy_engine.planning.inheritance import inherited_effects
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
from deploy_engine.planning.planner import PlanRefused, make_plan, stack_name

__all__ = [
    "EffectKind",
    "Flavour",
    "Load",
    "Plan",
    "PlanRefused",
    "Resources",
    "SideEffect",
    "Step",
    "inherited_effects",
    "make_plan",
    "plan_from_record",
    "plan_to_record",
    "stack_name",
]
