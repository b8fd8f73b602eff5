"""What the local CloudFormation remembers: plain data, so that it can be saved and restored.

Statuses are CloudFormation's own words. Times are seconds since 1970.
"""

from dataclasses import dataclass, field
from typing import Any

FINAL_UPDATABLE = frozenset({"CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE"})


@dataclass
class StackResource:
    """A resource of a stack as it is now; ``properties`` are the resolved ones that were last applied."""

    logical: str
    kind: str
    physical: str
    properties: dict[str, Any]
    depends: frozenset[str]
    status: str
    updated: float
    reason: str | None = None
    retain_on_delete: bool = False
    retain_on_replace: bool = False


@dataclass
class StackEvent:
    """One line of DescribeStackEvents."""

    event_id: str
    logical: str
    physical: str
    kind: str
    at: float
    status: str
    reason: str | None
    token: str | None


@dataclass
class Output:
    """A stack's output, and the name under which it is exported, if it is."""

    key: str
    value: str
    description: str | None
    export: str | None


@dataclass
class Step:
    """What becomes of one resource in an operation.

    ``phase``: waiting, started, done, failed or cancelled (under way when another failed). ``before`` is the resource
    as it was, None for a new one; ``effect`` is none, created, modified or replaced.
    """

    logical: str
    phase: str = "waiting"
    effect: str = "none"
    before: StackResource | None = None
    started: float = 0.0


@dataclass
class Deletion:
    """A physical resource to delete; ``needed_by`` must be gone first."""

    resource: StackResource
    phase: str = "waiting"
    reason: str | None = None


@dataclass
class Operation:
    """A change of a stack that is under way.

    ``kind`` is create, update or delete; ``phase`` is apply, cleanup, rollback, rollback-cleanup or delete.
    """

    kind: str
    phase: str
    due: float
    template: str
    parameters: dict[str, str]
    token: str | None = None
    role_arn: str | None = None
    tags: dict[str, str] = field(default_factory=dict)
    capabilities: list[str] = field(default_factory=list)
    change_set: str | None = None
    steps: dict[str, Step] = field(default_factory=dict)
    deletions: list[Deletion] = field(default_factory=list)
    failure: str | None = None
    outputs: list[Output] = field(default_factory=list)


@dataclass
class ChangeSet:
    """A change set; its changes are worked out when ``until`` is reached."""

    id: str
    name: str
    kind: str
    template: str
    parameters: dict[str, str]
    created: float
    until: float | None
    token: str | None
    description: str | None
    role_arn: str | None
    capabilities: list[str]
    tags: dict[str, str]
    status: str = "CREATE_PENDING"
    execution_status: str = "UNAVAILABLE"
    reason: str | None = None
    changes: list[dict[str, Any]] = field(default_factory=list)
    execute_token: str | None = None


@dataclass
class PropertyDifference:
    """One difference between template and reality: ``kind`` is ADD, REMOVE or NOT_EQUAL, values are JSON or text."""

    path: str
    expected: str
    actual: str
    kind: str


@dataclass
class ResourceDrift:
    """What was found about one resource: ``status`` is IN_SYNC, MODIFIED or DELETED."""

    logical: str
    physical: str
    kind: str
    status: str
    at: float
    expected: dict[str, Any]
    actual: dict[str, Any] | None
    differences: list[PropertyDifference]


@dataclass
class DriftDetection:
    """A look at all of a stack's resources; ``until`` is None once it is over, ``drifted`` is counted then."""

    id: str
    started: float
    until: float | None
    logical: frozenset[str]
    drifted: int = 0


@dataclass
class Stack:
    """A stack, with everything that it was told and did."""

    id: str
    name: str
    created: float
    status: str = "REVIEW_IN_PROGRESS"
    reason: str | None = None
    updated: float | None = None
    deleted: float | None = None
    template: str = ""
    parameters: dict[str, str] = field(default_factory=dict)
    resources: dict[str, StackResource] = field(default_factory=dict)
    outputs: list[Output] = field(default_factory=list)
    imports: frozenset[str] = frozenset()
    events: list[StackEvent] = field(default_factory=list)
    change_sets: dict[str, ChangeSet] = field(default_factory=dict)
    executed_change_set: str | None = None
    operation: Operation | None = None
    role_arn: str | None = None
    tags: dict[str, str] = field(default_factory=dict)
    capabilities: list[str] = field(default_factory=list)
    tokens: dict[str, str] = field(default_factory=dict)
    """The client request tokens used, and for what."""
    detections: dict[str, DriftDetection] = field(default_factory=dict)
    """The drift detections by their ids."""
    drifts: dict[str, ResourceDrift] = field(default_factory=dict)
    """What was last found about each resource that was ever looked at."""


@dataclass
class CloudFormationState:
    """The stacks of one region by their id, deleted ones too."""

    stacks: dict[str, Stack] = field(default_factory=dict)

    def live(self) -> list[Stack]:
        """Return the stacks that are not deleted, by name."""
        found = [stack for stack in self.stacks.values() if stack.status != "DELETE_COMPLETE"]
        return sorted(found, key=lambda stack: stack.name)
