"""Deployments as a journalled state machine, advanced in short ticks: observe, decide, at most one mutating call."""

from deploy_engine.execution.executor import Executor, Tick
from deploy_engine.execution.limits import Limits
from deploy_engine.execution.ports import AwsHands, DeploymentRecord, Journal, StackBusy
from deploy_engine.execution.states import NEEDS_A_PERSON, PAUSED_STATES, TERMINAL, State, Why

__all__ = [
    "NEEDS_A_PERSON",
    "PAUSED_STATES",
    "TERMINAL",
    "AwsHands",
    "DeploymentRecord",
    "Executor",
    "Journal",
    "Limits",
    "StackBusy",
    "State",
    "Tick",
    "Why",
]
