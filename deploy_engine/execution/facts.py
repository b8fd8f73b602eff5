"""What follows from a record and from what AWS shows: names, targets, wanted tasks, known mappings. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from deploy_engine.diffing import MappedTable, mapping_sha256, read_mappings, template_sha256
from deploy_engine.diffing.stacks import TASK
from deploy_engine.execution.limits import Limits
from deploy_engine.execution.ports import DeploymentRecord
from deploy_engine.execution.states import Why
from deploy_engine.live import StackView, TableStatistics
from deploy_engine.planning import Step
from deploy_engine.planning.wording import listed as listed  # noqa: PLC0414 decisions word their sentences by facts

TAG_RUN = "sluice-run"
TAG_RESUME_BY = "sluice-resume-by"
TAG_DESIRED = "sluice-desired"
TAG_FENCE = "sluice-fence"
NOTES = (TAG_RUN, TAG_RESUME_BY, TAG_DESIRED)
STOPPED = "stopped"

ROUND = "step.round"
UNCHANGED = "step.unchanged"
"""Remembered where the deployed template already is the step's: the step only moves run states."""

TAGGED = "step.tagged:"
"""Before a task's name: that this deployment's note stands on it. Empty once it is cleared: it is put there again
before the next stop, such as when a step is tried again.
"""

OUTDATED = "outdated"
"""Said of a note on a task that runs on: its time to resume may be over before the task is stopped."""

STARTS = "step.starts:"
CLEARED = "cleared:"
"""Before a task's name: its tags need no more clearing in this state."""

Tables = tuple[MappedTable, ...]


def current_step(record: DeploymentRecord) -> Step:
    """The step being carried out; states that ask for it exist only in plans with steps."""
    return record.plan.steps[record.step]


def is_last_step(record: DeploymentRecord) -> bool:
    return record.step + 1 >= len(record.plan.steps)


def token(record: DeploymentRecord) -> str:
    """``run-<id>-s<step>``, for change sets and tokens; a step tried again gets ``-r<round>``: a new change set."""
    tries = record.memory.get(ROUND, "")
    return f"run-{record.run}-s{record.step}" + (f"-r{tries}" if tries else "")


def fence_tag(record: DeploymentRecord) -> str:
    """What the deployment's sessions and its tasks bear where AWS itself fences late calls off."""
    return f"{record.run}.{record.epoch}"


def fence_noted(record: DeploymentRecord, task: str) -> bool:
    """Whether this deployment put its present fence on ``task`` in this step; a late call may have replaced it."""
    return record.memory.get(TAGGED + task) == fence_tag(record)


def template_key(record: DeploymentRecord) -> str:
    return f"{record.plan.stack}/{token(record)}.template.json"


def waited(record: DeploymentRecord, now: datetime) -> float:
    """Seconds in the current state."""
    return (now - record.entered_at).total_seconds()


@lru_cache(maxsize=32)
def _parsed(template: str) -> Mapping[str, Any]:
    parsed: Mapping[str, Any] = json.loads(template)
    return parsed


@lru_cache(maxsize=32)
def _sha256(template: str) -> str:
    return template_sha256(_parsed(template))


def is_target(stack: StackView | None, step: Step) -> bool:
    """Whether the step's template is what is deployed, for good."""
    return (
        stack is not None
        and stack.updatable
        and stack.template is not None
        and template_sha256(stack.template) == _sha256(step.template)
    )


def base_sha256(record: DeploymentRecord) -> str:
    """The hash of the template that must be deployed before this step is."""
    return _sha256(record.plan.steps[record.step - 1].template) if record.step else record.plan.deployed_sha256


def rests(stack: StackView | None) -> bool:
    """Whether CloudFormation is done with the stack and could take the next update (or creation)."""
    return stack is None or stack.updatable or stack.never_succeeded


def changes_run_states_only(record: DeploymentRecord) -> bool:
    return UNCHANGED in record.memory


def tasks_to_stop(record: DeploymentRecord) -> tuple[str, ...]:
    """Those that this step stops; where the template is deployed already, only those that then stay stopped."""
    step = current_step(record)
    if changes_run_states_only(record):
        return tuple(task for task in step.pause if task in step.stay_stopped)
    return step.pause


def tasks_to_run(record: DeploymentRecord, why: Why) -> tuple[str, ...]:
    """Those that must run once this step is over: on the way back whatever it stopped, else what the plan wants."""
    if why is Why.ABORT:
        return record.resumable
    step = current_step(record)
    return tuple(dict.fromkeys((*step.resume, *step.start)))


def tagged_tasks(record: DeploymentRecord) -> tuple[str, ...]:
    """Those that carry this deployment's note, as far as is remembered."""
    return tuple(name for name in record.resumable if record.memory.get(TAGGED + name))


def loading(statistics: Iterable[TableStatistics]) -> tuple[str, ...]:
    return tuple(f"{table.schema}.{table.table}" for table in statistics if table.loading)


def interrupted(steps: Iterable[Step], task: str, statistics: Iterable[TableStatistics]) -> tuple[str, ...]:
    """The loads of ``task`` that a stop would interrupt, but for those that the steps give up with their folder."""
    given_up = {table for step in steps for of, table in step.given_up if of == task}
    return tuple(table for table in loading(statistics) if table not in given_up)


def unrefreshed(statistics: Iterable[TableStatistics], now: datetime, limits: Limits) -> str:
    """Why the statistics tell nothing, where DMS does not refresh them: the freshest row is too old. "" where it does.

    Such statistics count as loading: what they say may have been true before a load began.
    """
    freshest = max((table.refreshed for table in statistics if table.refreshed is not None), default=None)
    if freshest is None or (now - freshest).total_seconds() <= limits.statistics_refreshed:
        return ""
    return f"DMS has not refreshed its statistics for {(now - freshest).total_seconds() / 60:.0f} minutes"


def tables_of(mapping: str) -> Tables | None:
    """The tables of a mapping that Sluice rendered; None for any other text."""
    try:
        return read_mappings(mapping)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def tables_in(template: Mapping[str, Any] | None, task: str) -> Tables | None:
    """The tables that a template gives a task, by DMS name; None where it has no such task, or not of Sluice's."""
    for resource in (template or {}).get("Resources", {}).values():
        properties = resource.get("Properties", {})
        if resource.get("Type") == TASK and properties.get("ReplicationTaskIdentifier") == task:
            return tables_of(properties.get("TableMappings", ""))
    return None


def mapping_known(record: DeploymentRecord, stack: StackView | None, task: str, mapping: str) -> bool:
    """Whether a task's live mapping is that of the step's template or of the deployed one: no resume without it.

    A base stack holds no task: there the mapping must be the one that the task had when the plan was made.
    """
    kept = dict(current_step(record).mappings_kept)
    if task in kept:
        return mapping_sha256(mapping) == kept[task]
    live = tables_of(mapping)
    if live is None:
        return False
    deployed = None if stack is None else stack.template
    return live in (tables_in(_parsed(current_step(record).template), task), tables_in(deployed, task))


def first_time_prefixes(
    record: DeploymentRecord, task: str, *, ever_ran: bool, mapping: str, statistics: tuple[TableStatistics, ...]
) -> tuple[str, ...]:
    """The S3 prefixes into which a start of the task would load: of each mapped table whose load DMS has not settled.

    A task that ran and of which DMS now counts nothing is judged by the plan's loads: silence is not "never loaded".
    """
    if ever_ran and not statistics:
        return tuple(load.prefix for load in current_step(record).loads if load.task == task)
    settled = {(table.schema, table.table) for table in statistics if not table.loading}
    return tuple(table.prefix for table in tables_of(mapping) or () if table.key not in settled)
