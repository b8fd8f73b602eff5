"""What the local DMS remembers: plain data, so that it can be saved and restored.

Times are seconds since 1970. Names follow the API (`dms-facts.md` sections 1 to 4).
"""

from dataclasses import dataclass, field
from typing import Any

from deploy_engine.local_aws.alarms.series import Key, Sample
from deploy_engine.local_aws.dms.sources.postgres.decoding import Change

BEFORE_LOAD = "Before load"
FULL_LOAD = "Full load"
COMPLETED = "Table completed"
TABLE_ERROR = "Table error"
MISSING = "Table does not exist"
UNFINISHED = frozenset({BEFORE_LOAD, FULL_LOAD})
ERRONEOUS = frozenset({TABLE_ERROR, MISSING})


@dataclass(frozen=True)
class CachedChange:
    """A change of a table that is not loaded yet: by which transaction, and when that was committed."""

    transaction: int
    committed: float
    change: Change


@dataclass
class TableRun:
    """One table as a task knows it: where it is written to is settled when the task first meets it.

    Of a table of a real source: ``columns`` in the order of its files, ``keys`` of them being its primary key;
    ``snapshot`` and ``snapshot_end`` say what its load has seen, for as long as the log may still tell of it.
    """

    schema: str
    table: str
    target_schema: str
    target_table: str
    load_order: int
    rows: int
    state: str = BEFORE_LOAD
    load_started: float | None = None
    load_ended: float | None = None
    reloaded: bool = False
    files: int = 0
    change_files: int = 0
    inserts: int = 0
    updates: int = 0
    deletes: int = 0
    ddls: int = 0
    updated: float | None = None
    reason: str = ""
    columns: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    snapshot: str | None = None
    snapshot_end: int = 0
    cached: list[CachedChange] = field(default_factory=list)
    last_stamp: int = 0
    retry: float | None = None


@dataclass
class Task:
    """A replication task; ``until`` is when its passing status ends, ``next_event`` when the engine must look.

    ``source_kind`` says which kind of source it turned out to have; ``slot`` and ``position`` are its place in the
    log of a real one: everything up to there is in files.
    """

    arn: str
    identifier: str
    source_arn: str
    target_arn: str
    instance_arn: str
    migration_type: str
    mappings: str
    settings: str
    created: float
    status: str = "creating"
    until: float | None = None
    next_event: float | None = None
    return_to: str = "ready"
    tables: dict[tuple[str, str], TableRun] = field(default_factory=dict)
    start_type: str = ""
    ever_started: bool = False
    fresh_start: float | None = None
    started: float | None = None
    stopped: float | None = None
    load_started: float | None = None
    load_ended: float | None = None
    next_changes: float | None = None
    change_number: int = 0
    stop_reason: str | None = None
    failure: str | None = None
    checkpoint: str | None = None
    start_position: str | None = None
    task_data: str | None = None
    source_kind: str | None = None
    slot: str | None = None
    position: int = 0


@dataclass
class Endpoint:
    """A source or target endpoint; ``settings`` holds the engine's settings as given to the API."""

    arn: str
    identifier: str
    kind: str
    engine: str
    settings_name: str
    settings: dict[str, Any]
    ssl_mode: str = "none"
    extra_attributes: str | None = None
    database: str | None = None
    status: str = "active"
    until: float | None = None


@dataclass
class Instance:
    """A replication instance."""

    arn: str
    identifier: str
    instance_class: str
    storage_gb: int
    created: float
    engine_version: str
    multi_az: bool
    subnet_group: str
    security_groups: list[str]
    publicly_accessible: bool
    auto_minor_upgrade: bool
    zone: str
    maintenance_window: str = "sun:03:00-sun:03:30"
    status: str = "creating"
    until: float | None = None


@dataclass
class SubnetGroup:
    """A replication subnet group; ``subnets`` are (subnet id, availability zone)."""

    identifier: str
    description: str
    vpc: str
    subnets: list[tuple[str, str]]


@dataclass
class Connection:
    """The last test of an endpoint from an instance."""

    instance_arn: str
    endpoint_arn: str
    status: str
    until: float | None
    failure: str | None = None


@dataclass
class Event:
    """What DescribeEvents shows."""

    source: str
    source_type: str
    message: str
    categories: list[str]
    at: float


@dataclass
class EventSubscription:
    """Whom DMS tells about events."""

    name: str
    topic_arn: str
    source_type: str | None
    categories: list[str]
    source_ids: list[str]
    enabled: bool
    created: float


@dataclass
class DmsState:
    """The DMS of one region, each resource by its ARN or, where the API does so, by its name."""

    tasks: dict[str, Task] = field(default_factory=dict)
    endpoints: dict[str, Endpoint] = field(default_factory=dict)
    instances: dict[str, Instance] = field(default_factory=dict)
    subnet_groups: dict[str, SubnetGroup] = field(default_factory=dict)
    connections: dict[tuple[str, str], Connection] = field(default_factory=dict)
    subscriptions: dict[str, EventSubscription] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    tags: dict[str, dict[str, str]] = field(default_factory=dict)
    next_metrics: float | None = None
    measured: dict[Key, list[Sample]] = field(default_factory=dict)
    """What was measured lately, which alarms look at."""
    counted: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Changes written and rows loaded when a task was last measured, by its ARN."""
    behind: dict[str, float] = field(default_factory=dict)
    """By how many seconds a task has fallen behind its source, by its ARN: a fault on demand."""
