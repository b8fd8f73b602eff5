"""AWS::EC2::SecurityGroup, really created in the side services' EC2."""

from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from deploy_engine.local_aws.cloudformation.resources.base import Place, Property, ResourceType

if TYPE_CHECKING:
    from deploy_engine.local_aws.world import Region

EVERYWHERE = {"IpProtocol": "-1", "CidrIp": "0.0.0.0/0"}
RULE_KEYS = frozenset({"IpProtocol", "FromPort", "ToPort", "CidrIp", "SourceSecurityGroupId", "Description"})


class SecurityGroup(ResourceType):
    """A security group of a VPC."""

    name = "AWS::EC2::SecurityGroup"
    service = "Ec2"
    attributes = frozenset({"GroupId", "VpcId"})
    properties = {
        "GroupDescription": Property(required=True, create_only=True),
        "GroupName": Property(create_only=True),
        "VpcId": Property(required=True, create_only=True),
        "SecurityGroupIngress": Property("list"),
        "SecurityGroupEgress": Property("list"),
        "Tags": Property("list"),
    }

    def create(self, region: "Region", place: Place, properties: dict[str, Any]) -> str:
        """Create the group and its rules."""
        ec2 = region.side.client("ec2")
        group = str(
            ec2.create_security_group(
                GroupName=properties.get("GroupName") or place.invented_name(),
                Description=properties["GroupDescription"],
                VpcId=properties["VpcId"],
            )["GroupId"]
        )
        self.update(region, group, {"SecurityGroupEgress": [EVERYWHERE]}, properties)
        return group

    def update(self, region: "Region", physical: str, old: dict[str, Any], new: dict[str, Any]) -> None:
        """Revoke the rules that went and authorize those that came; without egress rules, all may leave."""
        ec2 = region.side.client("ec2")
        for direction, default in (("Ingress", []), ("Egress", [EVERYWHERE])):
            before = old.get(f"SecurityGroup{direction}", default)
            after = new.get(f"SecurityGroup{direction}", default)
            verb = direction.lower()
            for rule in (item for item in before if item not in after):
                getattr(ec2, f"revoke_security_group_{verb}")(GroupId=physical, IpPermissions=[_permission(rule)])
            for rule in (item for item in after if item not in before):
                getattr(ec2, f"authorize_security_group_{verb}")(GroupId=physical, IpPermissions=[_permission(rule)])
        if new.get("Tags"):
            ec2.create_tags(Resources=[physical], Tags=new["Tags"])

    def delete(self, region: "Region", physical: str, properties: dict[str, Any]) -> None:
        """Delete the group; one that an instance uses refuses."""
        for instance in region.dms.instances.values():
            if physical in instance.security_groups:
                raise ClientError(
                    {
                        "Error": {
                            "Code": "DependencyViolation",
                            "Message": f"resource {physical} has a dependent object",
                        }
                    },
                    "DeleteSecurityGroup",
                )
        try:
            region.side.client("ec2").delete_security_group(GroupId=physical)
        except ClientError as error:
            if error.response["Error"]["Code"] != "InvalidGroup.NotFound":
                raise

    def attribute(self, region: "Region", physical: str, name: str) -> str:
        """Return the group's id or its VPC."""
        if name == "GroupId":
            return physical
        groups = region.side.client("ec2").describe_security_groups(GroupIds=[physical])["SecurityGroups"]
        return str(groups[0]["VpcId"])

    def live(self, region: "Region", physical: str) -> dict[str, Any] | None:
        """Return the group's properties, its rules in the form of a template."""
        try:
            group = region.side.client("ec2").describe_security_groups(GroupIds=[physical])["SecurityGroups"][0]
        except ClientError as error:
            if error.response["Error"]["Code"] == "InvalidGroup.NotFound":
                return None
            raise
        return {
            "GroupDescription": group["Description"],
            "GroupName": group["GroupName"],
            "VpcId": group["VpcId"],
            "SecurityGroupIngress": _rules(group["IpPermissions"]),
            "SecurityGroupEgress": _rules(group["IpPermissionsEgress"]),
        }


def _rules(permissions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    rules: list[dict[str, Any]] = []
    for permission in permissions:
        common: dict[str, Any] = {
            name: permission[name] for name in ("IpProtocol", "FromPort", "ToPort") if name in permission
        }
        for item in permission.get("IpRanges", []):
            described = {"Description": item["Description"]} if item.get("Description") else {}
            rules.append(common | {"CidrIp": item["CidrIp"]} | described)
        for item in permission.get("UserIdGroupPairs", []):
            rules.append(common | {"SourceSecurityGroupId": item["GroupId"]})
    return rules


def _permission(rule: dict[str, Any]) -> dict[str, Any]:
    unknown = sorted(set(rule) - RULE_KEYS)
    if unknown:
        raise ClientError(
            {"Error": {"Code": "UnsupportedOperation", "Message": f"The local AWS does not support {unknown[0]}"}},
            "AuthorizeSecurityGroup",
        )
    permission: dict[str, Any] = {"IpProtocol": str(rule["IpProtocol"])}
    for name in ("FromPort", "ToPort"):
        if name in rule:
            permission[name] = int(rule[name])
    if "CidrIp" in rule:
        description = {"Description": rule["Description"]} if "Description" in rule else {}
        permission["IpRanges"] = [{"CidrIp": rule["CidrIp"], **description}]
    if "SourceSecurityGroupId" in rule:
        permission["UserIdGroupPairs"] = [{"GroupId": rule["SourceSecurityGroupId"]}]
    return permission
