"""The calls that a plan makes to AWS: which, how often, and for which checks. All of them only read.

What a plan costs depends on the change and on the team, never on how many other teams there are. ``docs/checks.md``
publishes the table; tests hold that a plan makes exactly the calls that it adds up to.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil

TASKS_PER_CALL = 100
STATISTICS_PER_CALL = 500
ROOMS_PER_CALL = 250
"""Instances whose two metrics fit into one call of 500 queries."""


@dataclass(frozen=True)
class Change:
    """What decides the calls of a team's plan.

    ``tasks`` stand in DMS; ``counted`` has the number of tables of each task that pauses, resumes or reloads; ``loads``
    start loading, from ``sources`` that may be looked into, onto a team's ``instances``; ``inline``: the template is
    small enough to be sent.
    """

    tasks: int
    counted: tuple[int, ...] = ()
    loads: int = 0
    sources: int = 0
    instances: int = 1
    inline: bool = True


@dataclass(frozen=True)
class Read:
    """One operation of AWS that plans ask, and how often."""

    operation: str
    words: str
    times: Callable[[Change], int]


READS: tuple[Read, ...] = (
    Read("cloudformation:DescribeStacks", "2: the team's stack and the base stack", lambda change: 2),
    Read("cloudformation:GetTemplate", "1: the team's stack", lambda change: 1),
    Read(
        "dms:DescribeReplicationTasks",
        f"1 for each {TASKS_PER_CALL} tasks that the team has",
        lambda change: ceil(change.tasks / TASKS_PER_CALL),
    ),
    Read(
        "dms:DescribeTableStatistics",
        f"for each task that pauses, resumes or reloads: 1 for each {STATISTICS_PER_CALL} of its tables",
        lambda change: sum(max(1, ceil(tables / STATISTICS_PER_CALL)) for tables in change.counted),
    ),
    Read("s3:ListObjectsV2", "1 for each table that starts loading", lambda change: change.loads),
    Read(
        "cloudwatch:GetMetricData",
        f"where anything starts loading: 1 for each {ROOMS_PER_CALL} instances",
        lambda change: ceil(change.instances / ROOMS_PER_CALL) if change.loads else 0,
    ),
    Read(
        "secretsmanager:GetSecretValue",
        "1 for each source of a table that starts loading, where Sluice may look into it",
        lambda change: change.sources,
    ),
    Read(
        "cloudformation:ValidateTemplate",
        "1 where the template is small enough to be sent",
        lambda change: int(change.inline),
    ),
)
"""In the order in which a plan first asks them. Beside them, once an hour in a process: ``sts:AssumeRole``."""


def calls_of_a_plan(change: Change) -> dict[str, int]:
    """How often each operation is called for a team's plan; those that are not called are left out."""
    times = {read.operation: read.times(change) for read in READS}
    return {operation: count for operation, count in times.items() if count}
