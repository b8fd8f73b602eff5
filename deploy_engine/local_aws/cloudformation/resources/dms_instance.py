"""AWS::DMS::ReplicationInstance (`dms-facts.md` section 5)."""

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

UNCHANGEABLE = frozenset({"Tags", "ResourceIdentifier", "ReplicationSubnetGroupIdentifier", "PubliclyAccessible"})


class DmsInstance(ResourceType):
    """A replication instance."""

    name = "AWS::DMS::ReplicationInstance"
    service = SERVICE
    properties = {
        "ReplicationInstanceIdentifier": Property(),
        "ReplicationInstanceClass": Property(required=True),
        "AllocatedStorage": Property("integer"),
        "AllowMajorVersionUpgrade": Property("boolean"),
        "AutoMinorVersionUpgrade": Property("boolean"),
        "AvailabilityZone": Property(create_only=True),
        "EngineVersion": Property(),
        "MultiAZ": Property("boolean"),
        "PreferredMaintenanceWindow": Property(),
        "PubliclyAccessible": Property("boolean", create_only=True),
        "ReplicationSubnetGroupIdentifier": Property(create_only=True),
        "ResourceIdentifier": Property(create_only=True),
        "Tags": Property("list"),
        "VpcSecurityGroupIds": Property("list"),
    }

    def create(self, region: "Region", place: Place, properties: dict[str, Any]) -> str:
        """Create the instance."""
        given = with_stack_tags(properties, place.tags)
        members = {name: value for name, value in given.items() if name != "AllowMajorVersionUpgrade"}
        members.setdefault("ReplicationInstanceIdentifier", place.invented_name())
        return str(call(region, "CreateReplicationInstance", members)["ReplicationInstance"]["ReplicationInstanceArn"])

    def update(self, region: "Region", physical: str, old: dict[str, Any], new: dict[str, Any]) -> None:
        """Modify the instance at once."""
        changed = {name: value for name, value in new.items() if name not in UNCHANGEABLE and value != old.get(name)}
        if changed:
            members = {"ReplicationInstanceArn": physical, "ApplyImmediately": True, **changed}
            call(region, "ModifyReplicationInstance", members)
        replace_tags(region, physical, old, new)

    def delete(self, region: "Region", physical: str, properties: dict[str, Any]) -> None:
        """Delete the instance; one with tasks refuses."""
        ignoring_absence(region, "DeleteReplicationInstance", {"ReplicationInstanceArn": physical})

    def settled(self, region: "Region", physical: str) -> bool:
        """Tell whether the instance is available."""
        return region.dms.instances[physical].status == "available"

    def gone(self, region: "Region", physical: str) -> bool:
        """Tell whether the instance is no longer listed."""
        return physical not in region.dms.instances

    def live(self, region: "Region", physical: str) -> dict[str, Any] | None:
        """Return the instance's properties."""
        instance = region.dms.instances.get(physical)
        if instance is None:
            return None
        return {
            "ReplicationInstanceIdentifier": instance.identifier,
            "ReplicationInstanceClass": instance.instance_class,
            "AllocatedStorage": instance.storage_gb,
            "AutoMinorVersionUpgrade": instance.auto_minor_upgrade,
            "AvailabilityZone": instance.zone,
            "EngineVersion": instance.engine_version,
            "MultiAZ": instance.multi_az,
            "PreferredMaintenanceWindow": instance.maintenance_window,
            "PubliclyAccessible": instance.publicly_accessible,
            "ReplicationSubnetGroupIdentifier": instance.subnet_group,
            "VpcSecurityGroupIds": instance.security_groups,
        }
