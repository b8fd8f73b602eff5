"""Two templates compared: resources added, modified, removed, replaced; and for each task, its tables."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from deploy_engine.diffing.create_only import CREATE_ONLY
from deploy_engine.diffing.mappings import MappedTable, read_mappings

TASK = "AWS::DMS::ReplicationTask"
INSTANCE = "AWS::DMS::ReplicationInstance"
ENDPOINT = "AWS::DMS::Endpoint"
EVENT_SUBSCRIPTION = "AWS::DMS::EventSubscription"
ROLE = "AWS::IAM::Role"
SECURITY_GROUP = "AWS::EC2::SecurityGroup"
SUBNET_GROUP = "AWS::DMS::ReplicationSubnetGroup"
_FOR_PEOPLE = frozenset({"Tags", "Description", "ReplicationSubnetGroupDescription"})
_STANDS_ON = ("SourceEndpointArn", "ReplicationInstanceArn")
"""Properties of a task that refer to resources of its own stack."""


@dataclass(frozen=True)
class TaskDifference:
    """One DMS task before and after; a side that does not exist is empty and says so by ``existed`` or ``wanted``.

    ``modified``: its own properties change. ``ground``: the source endpoint and the instance that it stands on, as far
    as they are modified; DMS lets neither be modified under a running task (dms-facts.md section 0, fact 7).
    ``fixed``: those of its properties that change though they cannot change in place: it has to be created anew.
    """

    name: str
    logical_id: str
    existed: bool
    wanted: bool
    modified: bool
    before: tuple[MappedTable, ...] = ()
    after: tuple[MappedTable, ...] = ()
    ground: tuple[str, ...] = ()
    fixed: tuple[str, ...] = ()

    @property
    def touched(self) -> bool:
        """CloudFormation would modify or remove it, or what it stands on: it must not run meanwhile."""
        return self.existed and (self.modified or not self.wanted or bool(self.ground))

    @property
    def kept(self) -> tuple[MappedTable, ...]:
        """Tables that go on into the folder that they have."""
        return tuple(sorted(set(self.before) & set(self.after)))

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
    stirred: tuple[str, ...] = ()
    """Those of ``modified`` that change in more than tags and descriptions: what uses them may notice."""

    exports_gone: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        return not (self.added or self.modified or self.removed or self.outputs_changed)


def template_sha256(template: Mapping[str, Any] | None) -> str:
    """A hash of what a template says, blind to how it is written; "" where nothing is deployed."""
    if template is None:
        return ""
    return hashlib.sha256(json.dumps(template, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _resources(template: Mapping[str, Any] | None) -> Mapping[str, Any]:
    return template["Resources"] if template else {}


def _same(one: Any, other: Any) -> bool:
    return one is other or json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


def _noticed(resource: Mapping[str, Any]) -> Mapping[str, Any]:
    """A resource without what only people read."""
    properties: Mapping[str, Any] = resource.get("Properties", {})
    return {"Type": resource["Type"], **{key: value for key, value in properties.items() if key not in _FOR_PEOPLE}}


def _exports(template: Mapping[str, Any] | None) -> frozenset[str]:
    outputs = (template or {}).get("Outputs", {}).values()
    return frozenset(output["Export"]["Name"] for output in outputs if "Export" in output)


def _fixed(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[str, ...]:
    """The changed properties that cannot change in place."""
    create_only = CREATE_ONLY.get(after["Type"], frozenset())
    old, new = before.get("Properties", {}), after.get("Properties", {})
    return tuple(sorted(name for name in create_only if not _same(old.get(name), new.get(name))))


def _replaced(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    return before["Type"] != after["Type"] or bool(_fixed(before, after))


def _ground(task: Mapping[str, Any] | None, modified: tuple[str, ...]) -> tuple[str, ...]:
    values = [task["Properties"].get(name) for name in _STANDS_ON] if task else []
    refers_to = {value.get("Ref") for value in values if isinstance(value, Mapping)}
    return tuple(name for name in modified if name in refers_to)


def _task(
    logical_id: str, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None, modified: tuple[str, ...]
) -> TaskDifference:
    def tables(resource: Mapping[str, Any] | None) -> tuple[MappedTable, ...]:
        return read_mappings(resource["Properties"]["TableMappings"]) if resource else ()

    name: str = (after or before or {})["Properties"]["ReplicationTaskIdentifier"]
    return TaskDifference(
        name=name,
        logical_id=logical_id,
        existed=before is not None,
        wanted=after is not None,
        modified=logical_id in modified,
        before=tables(before),
        after=tables(after),
        ground=_ground(before, modified) if after else (),
        fixed=_fixed(before, after) if before and after else (),
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
            task = _task(logical_id, old, new, modified)
            tasks[task.name] = task
    return StackDifference(
        added=tuple(sorted(set(after) - set(before))),
        modified=modified,
        removed=tuple(sorted(set(before) - set(after))),
        replaced=tuple(name for name in modified if _replaced(before[name], after[name])),
        tasks=tasks,
        types={name: (after.get(name) or before[name])["Type"] for name in sorted(set(before) | set(after))},
        outputs_changed=not _same((deployed or {}).get("Outputs", {}), wanted.get("Outputs", {})),
        stirred=tuple(name for name in modified if not _same(_noticed(before[name]), _noticed(after[name]))),
        exports_gone=tuple(sorted(_exports(deployed) - _exports(wanted))),
    )
