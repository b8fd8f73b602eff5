"""When the brain itself fails: tasks are started again by a way of its own, and a person is called.

It rests on as little as possible: on the names that were written down before the first stop, and on what AWS shows.
Everything that the ordinary way asks of a plan, a step or a memory may be what is broken.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from deploy_engine.errors import AwsRefused, AwsThrottled, AwsUnreachable
from deploy_engine.execution.calls import StartTask, TagTask, UntagTask
from deploy_engine.execution.decision import WARNING, Wait
from deploy_engine.execution.decisions.giving_up import PERSON, stuck
from deploy_engine.execution.facts import fence_tag
from deploy_engine.execution.guarded_start import guarded_start
from deploy_engine.execution.limits import Limits
from deploy_engine.execution.outcome import Outcome, after_move, after_wait
from deploy_engine.execution.ports import AwsHands, DeploymentRecord, Intent
from deploy_engine.execution.record_json import with_intent
from deploy_engine.execution.states import State

DEFECTS = "defects"
"""Remembers how often in this state the brain has failed."""


def after_defect(
    record: DeploymentRecord,
    defect: Exception,
    started_again: Callable[[], DeploymentRecord],
    now: datetime,
    limits: Limits,
) -> Outcome:
    """Tried again some times, for the world may change; then a person is called, and the tasks are started."""
    words = f"a defect of Sluice ({type(defect).__name__}: {defect})"
    if record.state is State.STUCK:
        message = f"{PERSON}: {words}. What it stopped is started as far as it may be"
        return after_wait(started_again(), Wait(limits.stuck_poll, message), now)
    times = int(record.memory.get(DEFECTS, "0")) + 1
    if times >= limits.attempts:
        return after_move(record, stuck(words), now)
    wait = Wait(limits.poll, f"Trying again after {words}", {DEFECTS: str(times)}, told=times == 1, level=WARNING)
    return after_wait(record, wait, now)


def start_again(
    record: DeploymentRecord, hands: AwsHands, intend: Callable[[Intent], None], now: datetime, *, fenced: bool
) -> DeploymentRecord:
    """Start, guarded, what this deployment stopped and does not want stopped; gives the record with its intents."""
    fence = fence_tag(record) if fenced else ""
    bucket = record.plan.lake_bucket
    wanted_stopped = {name for step in record.plan.steps for name in step.stay_stopped}
    for name in record.resumable:
        try:
            task = hands.tasks([name]).get(name)
            if task is None or not task.at_rest or name in wanted_stopped:
                continue
            tagging = (TagTask.operation,) if fenced else ()
            for operation in (*tagging, StartTask.operation, UntagTask.operation):
                intent = Intent(record.intents + 1, operation, name, "", record.step, now, record.epoch)
                intend(intent)
                record = with_intent(record, intent)
            guarded_start(hands, stack=record.plan.stack, lake_bucket=bucket, task=task, fence=fence)
        except (AwsRefused, AwsThrottled, AwsUnreachable):
            continue
    return replace(record, pending=None)
