"""AWS::DMS::ReplicationTask. CloudFormation never starts, stops or resumes a task (`dms-facts.md` section 5)."""

from typing import TYPE_CHECKING, Any

from deploy_engine.local_aws.cloudformation.resources.base import Place, Property, ResourceType
from deploy_engine.local_aws.cloudformation.resources.dms_calls import (
    SERVICE,
    call,
    ignoring_absence,
    replace_tags,
    with_stack_tags,
)

if TYPE_CHECKING:
    from deploy_engine.local_aws.world import Region

MODIFIABLE = ("ReplicationTaskIdentifier", "TableMappings", "ReplicationTaskSettings", "TaskData")
FREE_STATUSES = frozenset({"ready", "stopped", "failed", "running", "starting", "stopping"})


class DmsTask(ResourceType):
    """A replication task; an update of a running one fails, as on AWS."""

    name = "AWS::DMS::ReplicationTask"
    service = SERVICE
    attributes = frozenset({"ReplicationTaskArn"})
    properties = {
        "ReplicationTaskIdentifier": Property(),
        "SourceEndpointArn": Property(required=True, create_only=True),
        "TargetEndpointArn": Property(required=True, create_only=True),
        "ReplicationInstanceArn": Property(required=True, create_only=True),
        "MigrationType": Property(required=True, create_only=True),
        "TableMappings": Property(required=True),
        "ReplicationTaskSettings": Property(),
        "CdcStartPosition": Property(create_only=True),
        "ResourceIdentifier": Property(create_only=True),
        "TaskData": Property(),
        "Tags": Property("list"),
    }

    def create(self, region: "Region", place: Place, properties: dict[str, Any]) -> str:
        """Create the task; it stays `ready` until somebody starts it."""
        members = {"ReplicationTaskIdentifier": place.invented_name(), **with_stack_tags(properties, place.tags)}
        return str(call(region, "CreateReplicationTask", members)["ReplicationTask"]["ReplicationTaskArn"])

    def update(self, region: "Region", physical: str, old: dict[str, Any], new: dict[str, Any]) -> None:
        """Modify the task, if anything but its tags changed."""
        changed = {name: new[name] for name in MODIFIABLE if name in new and new[name] != old.get(name)}
        if changed:
            call(region, "ModifyReplicationTask", {"ReplicationTaskArn": physical, **changed})
        replace_tags(region, physical, old, new)

    def delete(self, region: "Region", physical: str, properties: dict[str, Any]) -> None:
        """Delete the task; a running one refuses."""
        ignoring_absence(region, "DeleteReplicationTask", {"ReplicationTaskArn": physical})

    def settled(self, region: "Region", physical: str) -> bool:
        """Tell whether the task is out of `creating` and `modifying`."""
        return region.dms.tasks[physical].status in FREE_STATUSES

    def gone(self, region: "Region", physical: str) -> bool:
        """Tell whether the task is no longer listed."""
        return physical not in region.dms.tasks

    def attribute(self, region: "Region", physical: str, name: str) -> str:
        """Return the ARN, which is the physical id."""
        return physical

    def live(self, region: "Region", physical: str) -> dict[str, Any] | None:
        """Return the task's properties; its settings are those that DMS filled up, whatever the template left out."""
        task = region.dms.tasks.get(physical)
        if task is None:
            return None
        return {
            "ReplicationTaskIdentifier": task.identifier,
            "SourceEndpointArn": task.source_arn,
            "TargetEndpointArn": task.target_arn,
            "ReplicationInstanceArn": task.instance_arn,
            "MigrationType": task.migration_type,
            "TableMappings": task.mappings,
            "ReplicationTaskSettings": task.settings,
            "CdcStartPosition": task.start_position,
            "TaskData": task.task_data,
        }
