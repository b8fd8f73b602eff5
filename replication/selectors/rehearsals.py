"""The newest rehearsal of a change request, and whether another one makes sense now."""

from __future__ import annotations

from deploy_engine.planning import Plan
from replication.choices import RehearsalState
from replication.models import ChangeRequest, CheckRun, Rehearsal
from replication.policies import YES, Decision


def rehearsal_newest(change_request: ChangeRequest) -> Rehearsal | None:
    """The newest rehearsal that was not overtaken, whatever document it is of."""
    return change_request.rehearsals.exclude(state=RehearsalState.OVERTAKEN).order_by("-id").first()


def rehearsable(
    change_request: ChangeRequest, run: CheckRun | None, plan: Plan | None, newest: Rehearsal | None
) -> Decision:
    """Whether there is something to rehearse now. `run` is the newest of exactly this document, `plan` is its plan."""
    if not change_request.is_open:
        return Decision(False, f"It is {change_request.state_choice.label}.")
    if run is not None and run.is_live:
        return Decision(False, "Its plan is still being made.")
    if plan is None:
        return Decision(False, "There is no plan that could be rehearsed.")
    if not plan.steps:
        return Decision(False, "Its plan changes nothing.")
    if newest is not None and newest.is_live and newest.document_hash == change_request.document_hash:
        return Decision(False, "It is being rehearsed.")
    return YES
