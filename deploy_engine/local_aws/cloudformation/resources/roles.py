"""AWS::IAM::Role, really created in the side services' IAM."""

import json
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from deploy_engine.local_aws.cloudformation.resources.base import Place, Property, ResourceType

if TYPE_CHECKING:
    from deploy_engine.local_aws.world import Region


class IamRole(ResourceType):
    """A role with inline policies."""

    name = "AWS::IAM::Role"
    service = "Iam"
    attributes = frozenset({"Arn", "RoleId"})
    properties = {
        "AssumeRolePolicyDocument": Property("object", required=True),
        "Description": Property(),
        "ManagedPolicyArns": Property("list"),
        "MaxSessionDuration": Property("integer"),
        "Path": Property(create_only=True),
        "Policies": Property("list"),
        "RoleName": Property(create_only=True),
        "Tags": Property("list"),
    }

    def create(self, region: "Region", place: Place, properties: dict[str, Any]) -> str:
        """Create the role and its policies."""
        name = properties.get("RoleName") or place.invented_name()
        region.side.client("iam").create_role(
            RoleName=name,
            Path=properties.get("Path", "/"),
            AssumeRolePolicyDocument=json.dumps(properties["AssumeRolePolicyDocument"]),
            Description=properties.get("Description", ""),
            MaxSessionDuration=properties.get("MaxSessionDuration", 3600),
            Tags=properties.get("Tags", []),
        )
        _apply_policies(region, name, {}, properties)
        return str(name)

    def update(self, region: "Region", physical: str, old: dict[str, Any], new: dict[str, Any]) -> None:
        """Change trust, description and policies."""
        iam = region.side.client("iam")
        iam.update_assume_role_policy(RoleName=physical, PolicyDocument=json.dumps(new["AssumeRolePolicyDocument"]))
        iam.update_role(
            RoleName=physical,
            Description=new.get("Description", ""),
            MaxSessionDuration=new.get("MaxSessionDuration", 3600),
        )
        _apply_policies(region, physical, old, new)
        gone = {tag["Key"] for tag in old.get("Tags", [])} - {tag["Key"] for tag in new.get("Tags", [])}
        if gone:
            iam.untag_role(RoleName=physical, TagKeys=sorted(gone))
        if new.get("Tags"):
            iam.tag_role(RoleName=physical, Tags=new["Tags"])

    def delete(self, region: "Region", physical: str, properties: dict[str, Any]) -> None:
        """Delete the role with its policies."""
        try:
            _apply_policies(region, physical, properties, {})
            region.side.client("iam").delete_role(RoleName=physical)
        except ClientError as error:
            if error.response["Error"]["Code"] != "NoSuchEntity":
                raise

    def attribute(self, region: "Region", physical: str, name: str) -> str:
        """Return the ARN or the id."""
        return str(region.side.client("iam").get_role(RoleName=physical)["Role"][name])

    def live(self, region: "Region", physical: str) -> dict[str, Any] | None:
        """Return the role's properties."""
        iam = region.side.client("iam")
        try:
            role = iam.get_role(RoleName=physical)["Role"]
        except ClientError as error:
            if error.response["Error"]["Code"] == "NoSuchEntity":
                return None
            raise
        inline = iam.list_role_policies(RoleName=physical)["PolicyNames"]
        attached = iam.list_attached_role_policies(RoleName=physical)["AttachedPolicies"]
        policies = [iam.get_role_policy(RoleName=physical, PolicyName=name) for name in sorted(inline)]
        return {
            "AssumeRolePolicyDocument": role["AssumeRolePolicyDocument"],
            "Description": role.get("Description"),
            "MaxSessionDuration": role.get("MaxSessionDuration"),
            "Path": role["Path"],
            "RoleName": role["RoleName"],
            "ManagedPolicyArns": sorted(item["PolicyArn"] for item in attached),
            "Policies": [{name: item[name] for name in ("PolicyName", "PolicyDocument")} for item in policies],
        }


def _apply_policies(region: "Region", role: str, old: dict[str, Any], new: dict[str, Any]) -> None:
    iam = region.side.client("iam")
    before = {policy["PolicyName"] for policy in old.get("Policies", [])}
    after = {policy["PolicyName"]: policy["PolicyDocument"] for policy in new.get("Policies", [])}
    for name in sorted(before - set(after)):
        iam.delete_role_policy(RoleName=role, PolicyName=name)
    for name, document in after.items():
        iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=json.dumps(document))
    managed_before, managed_after = set(old.get("ManagedPolicyArns", [])), set(new.get("ManagedPolicyArns", []))
    for arn in sorted(managed_before - managed_after):
        iam.detach_role_policy(RoleName=role, PolicyArn=arn)
    for arn in sorted(managed_after - managed_before):
        iam.attach_role_policy(RoleName=role, PolicyArn=arn)
