"""Replication subnet groups (`dms-facts.md` sections 5 and 7)."""

from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from deploy_engine.local_aws.dms.naming import exists, not_found, wrong_state
from deploy_engine.local_aws.dms.operations.paging import filtered, page
from deploy_engine.local_aws.dms.operations.table import DMS
from deploy_engine.local_aws.dms.operations.tags import set_tags
from deploy_engine.local_aws.dms.state import SubnetGroup
from deploy_engine.local_aws.errors import AwsError
from deploy_engine.local_aws.side.permissions import role_exists

if TYPE_CHECKING:
    from deploy_engine.local_aws.world import Region

FEWEST_ZONES = 2
GROUP = "ReplicationSubnetGroupIdentifier"
DESCRIPTION = "ReplicationSubnetGroupDescription"


@DMS.operation("CreateReplicationSubnetGroup", f"{GROUP} {DESCRIPTION} SubnetIds Tags")
def create_replication_subnet_group(region: "Region", members: dict[str, Any]) -> dict[str, Any]:
    """Create a group of subnets in at least two zones; the account needs the role dms-vpc-role."""
    identifier = members[GROUP].lower()
    if identifier in region.dms.subnet_groups:
        raise exists(f"ReplicationSubnetGroup {identifier} already exists.")
    require_vpc_role(region)
    group = _with_subnets(region, identifier, members[DESCRIPTION], members["SubnetIds"])
    set_tags(region, region.arn("dms", f"subgrp:{identifier}"), members.get("Tags"))
    region.dms.subnet_groups[identifier] = group
    return {"ReplicationSubnetGroup": group_view(group)}


@DMS.operation("DescribeReplicationSubnetGroups", "Filters MaxRecords Marker")
def describe_replication_subnet_groups(region: "Region", members: dict[str, Any]) -> dict[str, Any]:
    """Describe the groups that pass the filters."""
    groups = filtered(
        [region.dms.subnet_groups[name] for name in sorted(region.dms.subnet_groups)],
        members,
        {"replication-subnet-group-id": lambda group: group.identifier},
        "No Replication Subnet Group found matching these filters.",
    )
    found, marker = page(groups, members)
    return {"ReplicationSubnetGroups": [group_view(group) for group in found], "Marker": marker}


@DMS.operation("ModifyReplicationSubnetGroup", f"{GROUP} {DESCRIPTION} SubnetIds")
def modify_replication_subnet_group(region: "Region", members: dict[str, Any]) -> dict[str, Any]:
    """Change the subnets of a group."""
    group = group_at(region, members[GROUP])
    changed = _with_subnets(region, group.identifier, members.get(DESCRIPTION, group.description), members["SubnetIds"])
    region.dms.subnet_groups[group.identifier] = changed
    return {"ReplicationSubnetGroup": group_view(changed)}


@DMS.operation("DeleteReplicationSubnetGroup", GROUP)
def delete_replication_subnet_group(region: "Region", members: dict[str, Any]) -> dict[str, Any]:
    """Delete a group that no instance uses."""
    group = group_at(region, members[GROUP])
    if any(instance.subnet_group == group.identifier for instance in region.dms.instances.values()):
        raise wrong_state(f"The replication subnet group {group.identifier} is in use by a replication instance.")
    del region.dms.subnet_groups[group.identifier]
    region.dms.tags.pop(region.arn("dms", f"subgrp:{group.identifier}"), None)
    return {}


def group_at(region: "Region", identifier: str) -> SubnetGroup:
    """Return the group of this name, or refuse."""
    group = region.dms.subnet_groups.get(identifier.lower())
    if group is None:
        raise not_found(f"ReplicationSubnetGroup {identifier} cannot be found.")
    return group


def group_view(group: SubnetGroup) -> dict[str, Any]:
    """Return the members of `ReplicationSubnetGroup`."""
    return {
        "ReplicationSubnetGroupIdentifier": group.identifier,
        "ReplicationSubnetGroupDescription": group.description,
        "VpcId": group.vpc,
        "SubnetGroupStatus": "Complete",
        "Subnets": [
            {
                "SubnetIdentifier": subnet,
                "SubnetAvailabilityZone": {"Name": zone},
                "SubnetStatus": "Active",
            }
            for subnet, zone in group.subnets
        ],
    }


def require_vpc_role(region: "Region") -> None:
    """Refuse while the account lacks the role of fixed name that DMS manages networks with."""
    arn = f"arn:aws:iam::{region.world.account}:role/dms-vpc-role"
    if not role_exists(region.side, arn):
        raise AwsError("AccessDeniedFault", f"The IAM Role {arn} is not configured properly.")


def _with_subnets(region: "Region", identifier: str, description: str, subnet_ids: list[str]) -> SubnetGroup:
    try:
        found = region.side.client("ec2").describe_subnets(SubnetIds=subnet_ids)["Subnets"]
    except ClientError as error:
        raise AwsError("InvalidSubnet", error.response["Error"]["Message"]) from error
    subnets = sorted((subnet["SubnetId"], subnet["AvailabilityZone"]) for subnet in found)
    if len({zone for _, zone in subnets}) < FEWEST_ZONES:
        raise AwsError(
            "ReplicationSubnetGroupDoesNotCoverEnoughAZs",
            "The replication subnet group must cover at least two availability zones.",
        )
    if len({subnet["VpcId"] for subnet in found}) > 1:
        raise AwsError("InvalidSubnet", "The subnets belong to several VPCs.")
    return SubnetGroup(identifier, description, found[0]["VpcId"], subnets)
