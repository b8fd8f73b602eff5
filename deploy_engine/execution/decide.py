"""The brain of a deployment: a pure function from what is remembered and what AWS shows to what is done next.

The journal remembers intentions, AWS knows facts; nothing is remembered in a variable. Each state asks one question
of the facts, and every answer to it leads somewhere, also the answers that nobody expects: a function of states and
observations that is total cannot be surprised by a crash, for after a crash there is only another look. What a call
that got no answer did is found by looking, never assumed; every call may therefore be decided twice and has its
effect once: CloudFormation knows the token, and DMS refuses to stop what stands and to start what runs.

The order of values decides the unclear cases. First, S3 data is never overwritten and a full load never interrupted;
second, no task stays stopped; third, the change gets deployed. So before a stop everything is abandoned at the
slightest doubt (ABORT); after it, whatever was stopped is brought back (RESUME, ABORT); and the one thing that leaves
a task stopped is that starting it might destroy data: then a person is called (STUCK), and the guard is asked again
until it yields.

=========  ==========================================  ============================================================
state      asks                                        goes to
=========  ==========================================  ============================================================
QUEUED     is the stack free of other deployments      PLANNING
PLANNING   is the plan, made afresh, the approved one  LOCKED; STALE; REJECTED; DONE (nothing to do)
LOCKED     is the deployed template the plan's base    PREPARE of step 0; STALE
PREPARE    would CloudFormation do what the plan says  GUARD; RESUME (deployed already); ABORT
GUARD      may the tasks be stopped, for all steps     PAUSE; EXECUTE or RESUME (nothing to stop); ABORT
PAUSE      do all tasks of the step stand still        EXECUTE; RESUME (no update, or back); GUARD (a load began)
EXECUTE    has CloudFormation finished, and how        RESUME (forward or back); PAUSE (one runs again); STUCK
RESUME     do all tasks run that should                VERIFY; STUCK
VERIFY     do they still run, with the right tables    PREPARE of the next step; DONE; ABORT; RESUME; HALF; STUCK
ABORT      is our change set cleared away              FAILED_SAFE; HALF (after the first step)
HALF       has it rested long enough to try again      PREPARE of the same step
STUCK      has somebody mended it                      VERIFY; ABORT (given up, all tasks running)
=========  ==========================================  ============================================================

Cancelling is obeyed up to the moment the update is handed over, in the first step only; later there is only forward,
but for an update beyond its deadline, which CloudFormation is then asked to roll back.
"""

from __future__ import annotations

from datetime import datetime
from typing import assert_never

from deploy_engine.execution.decision import Decision, Finish
from deploy_engine.execution.decisions.ending import abort_state, half
from deploy_engine.execution.decisions.execute import execute
from deploy_engine.execution.decisions.guard import guard
from deploy_engine.execution.decisions.pause import pause
from deploy_engine.execution.decisions.planning import locked, planning, queued
from deploy_engine.execution.decisions.prepare import prepare
from deploy_engine.execution.decisions.resume import resume
from deploy_engine.execution.decisions.stuck import still_stuck
from deploy_engine.execution.decisions.verify import verify
from deploy_engine.execution.limits import Limits
from deploy_engine.execution.observed import Observed
from deploy_engine.execution.ports import DeploymentRecord
from deploy_engine.execution.states import State


def decide(  # noqa: PLR0911, PLR0912 one branch per state is the point
    record: DeploymentRecord, observed: Observed, now: datetime, limits: Limits
) -> Decision:
    """What to do next; never raises, for any state and any observation."""
    match record.state:
        case State.QUEUED:
            return queued(record, observed, now, limits)
        case State.PLANNING:
            return planning(record, observed, now, limits)
        case State.LOCKED:
            return locked(record, observed, now, limits)
        case State.PREPARE:
            return prepare(record, observed, now, limits)
        case State.GUARD:
            return guard(record, observed, now, limits)
        case State.PAUSE:
            return pause(record, observed, now, limits)
        case State.EXECUTE:
            return execute(record, observed, now, limits)
        case State.RESUME:
            return resume(record, observed, now, limits)
        case State.VERIFY:
            return verify(record, observed, now, limits)
        case State.ABORT:
            return abort_state(record, observed, now, limits)
        case State.HALF:
            return half(record, observed, now, limits)
        case State.STUCK:
            return still_stuck(record, observed, now, limits)
        case State.DONE | State.FAILED_SAFE | State.STALE | State.REJECTED:
            return Finish(record.state, record.message)
        case _:
            assert_never(record.state)
