"""Replication tasks: create, describe, modify, start, stop, delete (`dms-facts.md` section 3)."""

from typing import TYPE_CHECKING, Any

from deploy_engine.local_aws.dms import mappings, task_life
from deploy_engine.local_aws.dms.naming import (
    checked_identifier,
    endpoint_at,
    exists,
    instance_at,
    resource_id,
    task_at,
    wrong_state,
)
from deploy_engine.local_aws.dms.operations.paging import filtered, page
from deploy_engine.local_aws.dms.operations.table import DMS
from deploy_engine.local_aws.dms.operations.tags import set_tags
from deploy_engine.local_aws.dms.state import Task
from deploy_engine.local_aws.dms.task_settings import checked_settings
from deploy_engine.local_aws.dms.task_view import task_view
from deploy_engine.local_aws.errors import AwsError

if TYPE_CHECKING:
    from deploy_engine.local_aws.world import Region

STARTABLE = frozenset({"ready", "stopped", "failed"})
MODIFIABLE = frozenset({"ready", "stopped", "failed"})
DELETABLE = frozenset({"ready", "stopped", "failed"})
MOST_MAPPING_BYTES = 2 * 1024 * 1024


@DMS.operation(
    "CreateReplicationTask",
    "ReplicationTaskIdentifier SourceEndpointArn TargetEndpointArn ReplicationInstanceArn MigrationType "
    "TableMappings ReplicationTaskSettings CdcStartPosition Tags TaskData ResourceIdentifier",
)
def create_replication_task(region: "Region", members: dict[str, Any]) -> dict[str, Any]:
    """Create a task; it is `creating` for a while, then `ready`, and never starts by itself."""
    identifier = checked_identifier(members["ReplicationTaskIdentifier"], "replication task identifier")
    if any(task.identifier == identifier for task in region.dms.tasks.values()):
        raise exists(f"Replication Task {identifier} already exists.")
    source = endpoint_at(region, members["SourceEndpointArn"])
    target = endpoint_at(region, members["TargetEndpointArn"])
    instance = instance_at(region, members["ReplicationInstanceArn"])
    if (source.kind, target.kind) != ("source", "target"):
        raise AwsError("InvalidParameterCombinationException", "A task needs a source and a target endpoint.")
    if instance.status not in ("available", "modifying"):
        raise wrong_state(f"Replication instance {instance.arn} is not available: it is {instance.status}.")
    arn = region.arn("dms", f"task:{resource_id(members.get('ResourceIdentifier'))}")
    if arn in region.dms.tasks:
        raise exists(f"Replication Task {arn} already exists.")
    task = Task(
        arn=arn,
        identifier=identifier,
        source_arn=source.arn,
        target_arn=target.arn,
        instance_arn=instance.arn,
        migration_type=members["MigrationType"],
        mappings=_checked_mappings(members["TableMappings"]),
        settings=checked_settings(members.get("ReplicationTaskSettings")),
        created=region.now,
        start_position=members.get("CdcStartPosition"),
        task_data=members.get("TaskData"),
    )
    set_tags(region, arn, members.get("Tags"))
    region.dms.tasks[arn] = task
    task_life.enter(region, task, "creating", region.timings.task_create)
    return {"ReplicationTask": task_view(region, task)}


@DMS.operation("DescribeReplicationTasks", "Filters MaxRecords Marker WithoutSettings")
def describe_replication_tasks(region: "Region", members: dict[str, Any]) -> dict[str, Any]:
    """Describe the tasks that pass the filters."""
    tasks = filtered(
        sorted(region.dms.tasks.values(), key=lambda task: (task.created, task.identifier)),
        members,
        {
            "replication-task-arn": lambda task: task.arn,
            "replication-task-id": lambda task: task.identifier,
            "migration-type": lambda task: task.migration_type,
            "endpoint-arn": lambda task: frozenset({task.source_arn, task.target_arn}),
            "replication-instance-arn": lambda task: task.instance_arn,
        },
        "No Tasks found matching these filters.",
    )
    found, marker = page(tasks, members)
    short = bool(members.get("WithoutSettings"))
    return {"ReplicationTasks": [task_view(region, task, without_settings=short) for task in found], "Marker": marker}


@DMS.operation(
    "ModifyReplicationTask",
    "ReplicationTaskArn ReplicationTaskIdentifier MigrationType TableMappings ReplicationTaskSettings TaskData",
)
def modify_replication_task(region: "Region", members: dict[str, Any]) -> dict[str, Any]:
    """Change a task that does not run; what changes takes effect when it runs again."""
    task = task_at(region, members["ReplicationTaskArn"])
    if task.status not in MODIFIABLE:
        raise wrong_state(
            "Replication Task, excluding logging severity task settings, cannot be modified while it is "
            f"{task.status} state."
        )
    identifier = members.get("ReplicationTaskIdentifier", task.identifier)
    if identifier != task.identifier:
        checked_identifier(identifier, "replication task identifier")
        if any(other.identifier == identifier for other in region.dms.tasks.values()):
            raise exists(f"Replication Task {identifier} already exists.")
    if members.get("MigrationType", task.migration_type) != task.migration_type:
        raise AwsError("InvalidParameterCombinationException", "The migration type of a task cannot be modified.")
    rules = _checked_mappings(members["TableMappings"]) if "TableMappings" in members else task.mappings
    settings = task.settings
    if "ReplicationTaskSettings" in members:
        settings = checked_settings(members["ReplicationTaskSettings"], task.settings)
    task.identifier, task.mappings, task.settings = identifier, rules, settings
    task.task_data = members.get("TaskData", task.task_data)
    task.return_to = task.status
    task_life.enter(region, task, "modifying", region.timings.task_modify)
    return {"ReplicationTask": task_view(region, task)}


@DMS.operation("StartReplicationTask", "ReplicationTaskArn StartReplicationTaskType")
def start_replication_task(region: "Region", members: dict[str, Any]) -> dict[str, Any]:
    """Start a task; which start type is legal depends on whether it ever started."""
    task = task_at(region, members["ReplicationTaskArn"])
    kind = members["StartReplicationTaskType"]
    if task.status not in STARTABLE:
        raise wrong_state(f"Replication Task cannot be started, because it is in {task.status} state.")
    if kind == "start-replication" and task.ever_started:
        raise AwsError(
            "InvalidParameterCombinationException",
            "Start Type : START_REPLICATION, valid only for tasks running for the first time",
        )
    if kind != "start-replication" and not task.ever_started:
        name = kind.upper().replace("-", "_")
        raise AwsError(
            "InvalidParameterCombinationException",
            f"Start Type : {name}, not valid for tasks running for the first time",
        )
    if region.dms.instances[task.instance_arn].status != "available":
        raise wrong_state("Replication Task cannot be started, because its replication instance is not available.")
    _refuse_while_testing(region, task)
    task.start_type, task.ever_started = kind, True
    task.started = region.now
    if kind != "resume-processing":
        task.fresh_start = region.now
    task.stop_reason = task.failure = None
    task_life.enter(region, task, "starting", region.timings.task_start)
    return {"ReplicationTask": task_view(region, task)}


@DMS.operation("StopReplicationTask", "ReplicationTaskArn")
def stop_replication_task(region: "Region", members: dict[str, Any]) -> dict[str, Any]:
    """Stop a running task; loads that are under way stay unfinished."""
    task = task_at(region, members["ReplicationTaskArn"])
    if task.status != "running":
        raise wrong_state(f"Replication Task cannot be stopped, because it is in {task.status} state.")
    task.return_to = "stopped"
    task_life.enter(region, task, "stopping", region.timings.task_stop)
    return {"ReplicationTask": task_view(region, task)}


@DMS.operation("DeleteReplicationTask", "ReplicationTaskArn")
def delete_replication_task(region: "Region", members: dict[str, Any]) -> dict[str, Any]:
    """Delete a task that does not run."""
    task = task_at(region, members["ReplicationTaskArn"])
    if task.status not in DELETABLE:
        raise wrong_state(f"Replication Task cannot be deleted, because it is in {task.status} state.")
    task_life.enter(region, task, "deleting", region.timings.task_delete)
    return {"ReplicationTask": task_view(region, task)}


def _checked_mappings(text: str) -> str:
    if len(text.encode()) > MOST_MAPPING_BYTES:
        raise AwsError("InvalidParameterValueException", "TableMappings must not be larger than 2 MB.")
    mappings.parse(text)
    return text


def _refuse_while_testing(region: "Region", task: Task) -> None:
    for arn in (task.source_arn, task.target_arn):
        connection = region.dms.connections.get((task.instance_arn, arn))
        if connection is not None and connection.status == "testing":
            raise wrong_state(
                f"Replication Task cannot be started, because the connection of endpoint {arn} is being tested."
            )
        if connection is not None and connection.status == "failed":
            raise wrong_state(f"Test connection failed for endpoint {arn}. {connection.failure}")
