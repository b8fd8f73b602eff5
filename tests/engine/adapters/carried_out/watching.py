"""What a deployment did to the local AWS, as events for the invariants: read from the requests and the world itself."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from deploy_engine.execution.invariants import (
    CALLS,
    EXECUTE,
    LOAD,
    START,
    STOP,
    Event,
    History,
    WrittenIntent,
    standing,
)
from deploy_engine.planning import Plan
from tests.engine.adapters.carried_out.world import Worlds
from tests.engine.planning.building import ENVIRONMENT

LOADING = frozenset({"Before load", "Full load"})
OK = 200
Load = tuple[str, str, str, float]
"""A task, its table, the prefix under which it loads, and since when."""

Written = Mapping[str, Sequence[object]]
"""By the name of a table, its rows in the order in which they were written, as far as they may never change."""

Seen = tuple[tuple[Event, ...], tuple[str, ...], frozenset[Load], Written]
LOOKS = frozenset(
    {
        "AssumeRole",
        "DescribeChangeSet",
        "DescribeConnections",
        "DescribeReplicationTasks",
        "DescribeStackEvents",
        "DescribeStacks",
        "DescribeTableStatistics",
        "GetMetricData",
        "GetTemplate",
        "ListImports",
        "ListObjectsV2",
        "ListTagsForResource",
        "ValidateTemplate",
    }
)
"""The calls that change nothing. One that is neither here nor among ``CALLS`` fails the run that makes it."""


@dataclass
class Watch:
    """Gathers events, and asks the invariants after each call.

    ``intents`` reads what the journal holds, ``written`` everything in the record that may never change (I11).
    """

    worlds: Worlds
    plan: Plan
    intents: Callable[[], Sequence[WrittenIntent]]
    written: Callable[[], Written]
    events: list[Event] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    _begun: set[Load] = field(default_factory=set)
    _written: Written = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._begun = {load for load, _ in self._loads()}
        self.ran_before = {row.identifier: row.status == "running" for row in self._dms.tasks.values()}

    @property
    def _dms(self) -> Any:
        return self.worlds.aws.world.region(ENVIRONMENT.region).dms

    def __call__(self, name: str, request: Any) -> Callable[[Any], None]:
        operation = name.rpartition(":")[2]
        if ":" in name and operation not in CALLS | LOOKS:
            self.broken.append(f"{operation} is a call that no invariant covers")
        if operation not in CALLS:
            return lambda _answer: None
        target = self._target(name, request)
        trouble, status = self._trouble(operation, target), self._stack_statuses()

        def seen(answer: Any) -> None:
            had_effect = operation != EXECUTE or status != self._stack_statuses()
            if answer.status_code == OK and had_effect:
                self.events.append(Event(self.worlds.now(), operation, target, trouble))
            self.ask()

        return seen

    def seen(self) -> Seen:
        """All that was seen so far."""
        return tuple(self.events), tuple(self.broken), frozenset(self._begun), self._written

    def back_to(self, seen: Seen) -> None:
        """Forget what was seen later."""
        events, broken, begun, self._written = seen
        self.events[:], self.broken[:], self._begun = events, broken, set(begun)

    def ask(self) -> None:
        """Note the loads that began, and what is broken by now."""
        for load, occupied in self._loads():
            if load not in self._begun:
                self._begun.add(load)
                self.events.append(Event(self.worlds.now(), LOAD, load[2], "occupied" if occupied else ""))
        self.broken += [words for words in self._by_now() if words not in self.broken]

    def _by_now(self) -> Iterator[str]:
        yield from standing(self.history, self.worlds.now())
        before, self._written = self._written, self.written()
        for table, rows in before.items():
            if self._written[table][: len(rows)] != rows:
                yield f"I11: {table} had {rows}, and now {self._written[table]}"

    @property
    def history(self) -> History:
        return History(self.plan, self.events, self.intents(), 1800.0)

    def _target(self, name: str, request: Any) -> str:
        """What the journal's intent calls the thing that is acted on."""
        if name.startswith("database-migration-service:"):
            body = json.loads(request.body)
            return self._task_name(body.get("ReplicationTaskArn") or body["ResourceArn"])
        if name.startswith("s3:"):
            return unquote(urlsplit(request.url).path).lstrip("/")
        fields = parse_qs(request.body.decode() if isinstance(request.body, bytes) else request.body)
        return str((fields.get("ChangeSetName") or fields.get("StackName") or [request.body])[0])

    def _task_name(self, arn: str) -> str:
        found = self._dms.tasks.get(arn)
        return str(found.identifier) if found is not None else arn

    def _trouble(self, operation: str, target: str) -> str:
        tasks = {row.identifier: row for row in self._dms.tasks.values()}
        if operation == STOP and target in tasks:
            return ",".join(
                f"{table.schema}.{table.table}"
                for table in tasks[target].tables.values()
                if table.state in LOADING and tasks[target].status == "running"
            )
        if operation == START:
            return ",".join(name for name, status in self._stack_statuses().items() if status.endswith("_IN_PROGRESS"))
        if operation == EXECUTE:
            pausing = {name for step in self.plan.steps for name in step.pause}
            return ",".join(
                name for name in sorted(pausing & set(tasks)) if tasks[name].status in {"running", "stopping"}
            )
        return ""

    def _stack_statuses(self) -> dict[str, str]:
        stacks = self.worlds.aws.world.region(ENVIRONMENT.region).cloudformation.live()
        return {stack.name: stack.status for stack in stacks if stack.status != "REVIEW_IN_PROGRESS"}

    def _loads(self) -> list[tuple[Load, bool]]:
        """Each load by task, table, prefix and moment, and whether anything lies under the prefix."""
        found = []
        for row in self._dms.tasks.values():
            for table in row.tables.values():
                if table.load_started is None:
                    continue
                prefix = f"{table.target_schema}/{table.target_table}/"
                key = (row.identifier, table.table, prefix, table.load_started)
                found.append((key, key not in self._begun and table.files == 0 and self._occupied(prefix)))
        return found

    def _occupied(self, prefix: str) -> bool:
        client = self.worlds.aws.world.region(ENVIRONMENT.region).side.client("s3")
        return bool(client.list_objects_v2(Bucket=ENVIRONMENT.lake_bucket, Prefix=prefix, MaxKeys=1).get("Contents"))


def moment(text: str) -> datetime:
    """A moment as journals write it."""
    return datetime.fromisoformat(text).astimezone(UTC)
