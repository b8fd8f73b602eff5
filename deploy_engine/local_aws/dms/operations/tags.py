"""Tags of DMS resources (`dms-facts.md` section 3 and `reliability.md`, rule 7)."""

from typing import TYPE_CHECKING, Any

from deploy_engine.local_aws.dms.naming import not_found
from deploy_engine.local_aws.dms.operations.table import DMS
from deploy_engine.local_aws.errors import AwsError

if TYPE_CHECKING:
    from deploy_engine.local_aws.world import Region

MOST_TAGS = 50
FORBIDDEN = ("aws:", "dms:")


def set_tags(region: "Region", arn: str, tags: list[dict[str, str]] | None) -> None:
    """Add tags in the API's form to a resource; refuse reserved keys and too many."""
    if any(not tag.get("Key") for tag in tags or []):
        raise AwsError("InvalidParameterValueException", "Every tag must have a key.")
    added = {tag["Key"]: tag.get("Value", "") for tag in tags or []}
    reserved = sorted(key for key in added if key.startswith(FORBIDDEN))
    merged = region.dms.tags.get(arn, {}) | added
    if reserved or len(merged) > MOST_TAGS:
        raise AwsError(
            "InvalidParameterValueException",
            f"Tag keys must not begin with aws: or dms:, and there may be {MOST_TAGS} of them at most.",
        )
    region.dms.tags[arn] = merged


@DMS.operation("AddTagsToResource", "ResourceArn Tags")
def add_tags_to_resource(region: "Region", members: dict[str, Any]) -> dict[str, Any]:
    """Add or replace tags."""
    arn = _known(region, members["ResourceArn"])
    set_tags(region, arn, members["Tags"])
    return {}


@DMS.operation("RemoveTagsFromResource", "ResourceArn TagKeys")
def remove_tags_from_resource(region: "Region", members: dict[str, Any]) -> dict[str, Any]:
    """Remove tags; keys that are not there are passed over."""
    tags = region.dms.tags.get(_known(region, members["ResourceArn"]), {})
    for key in members["TagKeys"]:
        tags.pop(key, None)
    return {}


@DMS.operation("ListTagsForResource", "ResourceArn ResourceArnList")
def list_tags_for_resource(region: "Region", members: dict[str, Any]) -> dict[str, Any]:
    """List the tags of one resource, or of several, then with the ARN of each."""
    if "ResourceArnList" in members:
        arns = [_known(region, arn) for arn in members["ResourceArnList"]]
        return {
            "TagList": [
                {"Key": key, "Value": value, "ResourceArn": arn}
                for arn in arns
                for key, value in sorted(region.dms.tags.get(arn, {}).items())
            ]
        }
    arn = _known(region, members.get("ResourceArn", ""))
    return {"TagList": [{"Key": key, "Value": value} for key, value in sorted(region.dms.tags.get(arn, {}).items())]}


def _known(region: "Region", arn: str) -> str:
    state = region.dms
    if arn in state.tasks or arn in state.endpoints or arn in state.instances:
        return arn
    kind, _, name = arn.removeprefix(region.arn("dms", "")).partition(":")
    if (kind == "subgrp" and name in state.subnet_groups) or (kind == "es" and name in state.subscriptions):
        return arn
    raise not_found(f"The resource {arn} cannot be found.")
