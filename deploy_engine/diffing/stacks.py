"""Two templates compared: resources added, modified, removed, replaced; and for each task, its tables."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from deploy_engine.diffing.mappings import MappedTable, read_mappings

TASK = "AWS::DMS::ReplicationTask"
INSTANCE = "AWS::DMS::ReplicationInstance"
ENDPOINT = "AWS::DMS::Endpoint"
EVENT_SUBSCRIPTION = "AWS::DMS::EventSubscription"
CREATE_ONLY: Mapping[str, frozenset[str]] = {
    TASK: frozenset({"SourceEndpointArn", "TargetEndpointArn", "ReplicationInstanceArn", "ResourceIdentifier"}),
    ENDPOINT: frozenset({"KmsKeyId", "ResourceIdentifier", "EngineName", "EndpointType"}),
    INSTANCE: frozenset(
        {"KmsKeyId", "ResourceIdentifier", "DnsNameServers", "ReplicationSubnetGroupIdentifier", "PubliclyAccessible"}
    ),
    "AWS::DMS::ReplicationSubnetGroup": frozenset({"ReplicationSubnetGroupIdentifier"}),
    EVENT_SUBSCRIPTION: frozenset({"SubscriptionName", "SourceIds"}),
    "AWS::EC2::SecurityGroup": frozenset({"GroupDescription", "GroupName", "VpcId"}),
}
"""Properties whose change makes CloudFormation replace the resource (dms-facts.md section 5)."""


@dataclass(frozen=True)
class TaskDifference:
    """One DMS task before and after; a side that does not exist is empty and says so by ``existed`` or ``wanted``."""

    name: str
    logical_id: str
    existed: bool
    wanted: bool
    modified: bool
    before: tuple[MappedTable, ...] = ()
    after: tuple[MappedTable, ...] = ()

    @property
    def added(self) -> tuple[MappedTable, ...]:
        """Tables that the task does not know yet: they start loading."""
        known = {table.key for table in self.before}
        return tuple(table for table in self.after if table.key not in known)

    @property
    def removed(self) -> tuple[MappedTable, ...]:
        kept = {table.key for table in self.after}
        return tuple(table for table in self.before if table.key not in kept)

    @property
    def renamed(self) -> tuple[tuple[MappedTable, MappedTable], ...]:
        """Tables that stay in the task but would write elsewhere: (before, after)."""
        before = {table.key: table for table in self.before}
        pairs = ((before[table.key], table) for table in self.after if table.key in before)
        return tuple((old, new) for old, new in pairs if old.folder != new.folder)


@dataclass(frozen=True)
class StackDifference:
    """Logical ids by what CloudFormation would do with them, sorted; tasks by DMS name, unchanged ones included."""

    added: tuple[str, ...]
    modified: tuple[str, ...]
    removed: tuple[str, ...]
    replaced: tuple[str, ...]
    tasks: Mapping[str, TaskDifference]
    types: Mapping[str, str]
    outputs_changed: bool

    @property
    def empty(self) -> bool:
        return not (self.added or self.modified or self.removed or self.outputs_changed)

    def of_type(self, logical_ids: tuple[str, ...], resource_type: str) -> tuple[str, ...]:
        return tuple(name for name in logical_ids if self.types[name] == resource_type)


def template_sha256(template: Mapping[str, Any] | None) -> str:
    """A hash of what a template says, blind to how it is written; "" where nothing is deployed."""
    if template is None:
        return ""
    return hashlib.sha256(json.dumps(template, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _resources(template: Mapping[str, Any] | None) -> Mapping[str, Any]:
    return template["Resources"] if template else {}


def _same(one: Any, other: Any) -> bool:
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


def _replaced(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    if before["Type"] != after["Type"]:
        return True
    create_only = CREATE_ONLY.get(after["Type"], frozenset())
    old, new = before.get("Properties", {}), after.get("Properties", {})
    return any(not _same(old.get(name), new.get(name)) for name in create_only)


def _task(
    name: str, logical_id: str, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None
) -> TaskDifference:
    def tables(resource: Mapping[str, Any] | None) -> tuple[MappedTable, ...]:
        return read_mappings(resource["Properties"]["TableMappings"]) if resource else ()

    modified = before is not None and after is not None and not _same(before, after)
    return TaskDifference(
        name, logical_id, before is not None, after is not None, modified, tables(before), tables(after)
    )


def compare_stacks(deployed: Mapping[str, Any] | None, wanted: Mapping[str, Any]) -> StackDifference:
    """What deploying ``wanted`` over ``deployed`` (parsed templates; None where nothing is deployed) would do."""
    before, after = _resources(deployed), _resources(wanted)
    both = sorted(set(before) & set(after))
    modified = tuple(name for name in both if not _same(before[name], after[name]))
    tasks: dict[str, TaskDifference] = {}
    for logical_id in sorted(set(before) | set(after)):
        old, new = before.get(logical_id), after.get(logical_id)
        either = new or old
        if either is not None and either["Type"] == TASK:
            name = either["Properties"]["ReplicationTaskIdentifier"]
            tasks[name] = _task(name, logical_id, old, new)
    return StackDifference(
        added=tuple(sorted(set(after) - set(before))),
        modified=modified,
        removed=tuple(sorted(set(before) - set(after))),
        replaced=tuple(name for name in modified if _replaced(before[name], after[name])),
        tasks=tasks,
        types={name: (after.get(name) or before[name])["Type"] for name in sorted(set(before) | set(after))},
        outputs_changed=not _same((deployed or {}).get("Outputs", {}), wanted.get("Outputs", {})),
    )
