"""Replication instances (`dms-facts.md` sections 5 and 9)."""

from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from deploy_engine.local_aws.dms.naming import checked_identifier, exists, instance_at, resource_id, wrong_state
from deploy_engine.local_aws.dms.operations.paging import filtered, page
from deploy_engine.local_aws.dms.operations.subnet_groups import group_at, group_view, require_vpc_role
from deploy_engine.local_aws.dms.operations.table import DMS
from deploy_engine.local_aws.dms.operations.tags import set_tags
from deploy_engine.local_aws.dms.state import Instance
from deploy_engine.local_aws.errors import AwsError, unsupported

if TYPE_CHECKING:
    from deploy_engine.local_aws.world import Region

LONGEST_IDENTIFIER = 63
LEAST_GB, MOST_GB = 5, 6144
ENGINE_VERSION = "3.6.1"


@DMS.operation(
    "CreateReplicationInstance",
    "ReplicationInstanceIdentifier AllocatedStorage ReplicationInstanceClass VpcSecurityGroupIds AvailabilityZone "
    "ReplicationSubnetGroupIdentifier PreferredMaintenanceWindow MultiAZ EngineVersion AutoMinorVersionUpgrade Tags "
    "PubliclyAccessible ResourceIdentifier",
)
def create_replication_instance(region: "Region", members: dict[str, Any]) -> dict[str, Any]:
    """Create an instance; it is `creating` for a while, then `available`."""
    identifier = checked_identifier(
        members["ReplicationInstanceIdentifier"], "replication instance identifier", LONGEST_IDENTIFIER
    ).lower()
    if any(instance.identifier == identifier for instance in region.dms.instances.values()):
        raise exists(f"Replication Instance {identifier} already exists.")
    require_vpc_role(region)
    if "ReplicationSubnetGroupIdentifier" not in members:
        raise unsupported("a replication instance without ReplicationSubnetGroupIdentifier")
    group = group_at(region, members["ReplicationSubnetGroupIdentifier"])
    arn = region.arn("dms", f"rep:{resource_id(members.get('ResourceIdentifier'))}")
    instance = Instance(
        arn=arn,
        identifier=identifier,
        instance_class=_checked_class(members["ReplicationInstanceClass"]),
        storage_gb=_checked_storage(members.get("AllocatedStorage", 50)),
        created=region.now,
        engine_version=members.get("EngineVersion", ENGINE_VERSION),
        multi_az=members.get("MultiAZ", False),
        subnet_group=group.identifier,
        security_groups=_checked_security_groups(region, members.get("VpcSecurityGroupIds", [])),
        publicly_accessible=members.get("PubliclyAccessible", True),
        auto_minor_upgrade=members.get("AutoMinorVersionUpgrade", True),
        zone=members.get("AvailabilityZone", group.subnets[0][1]),
        until=region.now + region.timings.instance_create,
    )
    instance.maintenance_window = members.get("PreferredMaintenanceWindow", instance.maintenance_window)
    set_tags(region, arn, members.get("Tags"))
    region.dms.instances[arn] = instance
    return {"ReplicationInstance": instance_view(region, instance)}


@DMS.operation("DescribeReplicationInstances", "Filters MaxRecords Marker")
def describe_replication_instances(region: "Region", members: dict[str, Any]) -> dict[str, Any]:
    """Describe the instances that pass the filters."""
    instances = filtered(
        sorted(region.dms.instances.values(), key=lambda instance: instance.identifier),
        members,
        {
            "replication-instance-arn": lambda instance: instance.arn,
            "replication-instance-id": lambda instance: instance.identifier,
            "replication-instance-class": lambda instance: instance.instance_class,
            "engine-version": lambda instance: instance.engine_version,
        },
        "No Replication Instances found matching these filters.",
    )
    found, marker = page(instances, members)
    return {"ReplicationInstances": [instance_view(region, instance) for instance in found], "Marker": marker}


@DMS.operation(
    "ModifyReplicationInstance",
    "ReplicationInstanceArn AllocatedStorage ApplyImmediately ReplicationInstanceClass VpcSecurityGroupIds "
    "PreferredMaintenanceWindow MultiAZ EngineVersion AllowMajorVersionUpgrade AutoMinorVersionUpgrade "
    "ReplicationInstanceIdentifier",
)
def modify_replication_instance(region: "Region", members: dict[str, Any]) -> dict[str, Any]:
    """Change an instance at once; the local AWS has no maintenance window to wait for."""
    instance = instance_at(region, members["ReplicationInstanceArn"])
    if instance.status != "available":
        raise wrong_state(f"Replication instance {instance.arn} is not available: it is {instance.status}.")
    instance.instance_class = _checked_class(members.get("ReplicationInstanceClass", instance.instance_class))
    storage = _checked_storage(members.get("AllocatedStorage", instance.storage_gb))
    if storage < instance.storage_gb:
        raise AwsError("InvalidParameterCombinationException", "The storage of an instance cannot shrink.")
    instance.storage_gb = storage
    if "VpcSecurityGroupIds" in members:
        instance.security_groups = _checked_security_groups(region, members["VpcSecurityGroupIds"])
    instance.multi_az = members.get("MultiAZ", instance.multi_az)
    instance.engine_version = members.get("EngineVersion", instance.engine_version)
    instance.auto_minor_upgrade = members.get("AutoMinorVersionUpgrade", instance.auto_minor_upgrade)
    instance.maintenance_window = members.get("PreferredMaintenanceWindow", instance.maintenance_window)
    if "ReplicationInstanceIdentifier" in members:
        instance.identifier = members["ReplicationInstanceIdentifier"].lower()
    instance.status, instance.until = "modifying", region.now + region.timings.instance_modify
    return {"ReplicationInstance": instance_view(region, instance)}


@DMS.operation("DeleteReplicationInstance", "ReplicationInstanceArn")
def delete_replication_instance(region: "Region", members: dict[str, Any]) -> dict[str, Any]:
    """Delete an instance that has no task."""
    instance = instance_at(region, members["ReplicationInstanceArn"])
    if any(task.instance_arn == instance.arn for task in region.dms.tasks.values()):
        raise wrong_state(f"Replication Instance {instance.arn} cannot be deleted, because it has replication tasks.")
    if instance.status != "available":
        raise wrong_state(f"Replication instance {instance.arn} is not available: it is {instance.status}.")
    instance.status, instance.until = "deleting", region.now + region.timings.instance_delete
    return {"ReplicationInstance": instance_view(region, instance)}


def instance_view(region: "Region", instance: Instance) -> dict[str, Any]:
    """Return the members of `ReplicationInstance`."""
    return {
        "ReplicationInstanceIdentifier": instance.identifier,
        "ReplicationInstanceArn": instance.arn,
        "ReplicationInstanceClass": instance.instance_class,
        "ReplicationInstanceStatus": instance.status,
        "AllocatedStorage": instance.storage_gb,
        "InstanceCreateTime": None if instance.status == "creating" else instance.created,
        "VpcSecurityGroups": [{"VpcSecurityGroupId": group, "Status": "active"} for group in instance.security_groups],
        "AvailabilityZone": instance.zone,
        "ReplicationSubnetGroup": group_view(region.dms.subnet_groups[instance.subnet_group]),
        "PreferredMaintenanceWindow": instance.maintenance_window,
        "PendingModifiedValues": {},
        "MultiAZ": instance.multi_az,
        "EngineVersion": instance.engine_version,
        "AutoMinorVersionUpgrade": instance.auto_minor_upgrade,
        "PubliclyAccessible": instance.publicly_accessible,
    }


def _checked_class(name: str) -> str:
    if not name.startswith("dms."):
        raise AwsError("InvalidParameterValueException", f"The instance class {name!r} is not valid.")
    return name


def _checked_storage(gigabytes: int) -> int:
    if not LEAST_GB <= gigabytes <= MOST_GB:
        raise AwsError(
            "InvalidParameterValueException", f"AllocatedStorage must be from {LEAST_GB} to {MOST_GB} gigabytes."
        )
    return gigabytes


def _checked_security_groups(region: "Region", groups: list[str]) -> list[str]:
    if groups:
        try:
            region.side.client("ec2").describe_security_groups(GroupIds=groups)
        except ClientError as error:
            raise AwsError("InvalidParameterValueException", error.response["Error"]["Message"]) from error
    return groups
