"""How CloudFormation calls DMS: through the same operations, with the same refusals, as anybody else."""

from typing import TYPE_CHECKING, Any

from botocore.model import ListShape, Shape, StructureShape

from deploy_engine.local_aws.dms.operations import DMS
from deploy_engine.local_aws.errors import AwsError

if TYPE_CHECKING:
    from deploy_engine.local_aws.world import Region

SERVICE = "AWSDatabaseMigrationService"


def call(region: "Region", operation: str, members: dict[str, Any]) -> dict[str, Any]:
    """Call a DMS operation; numbers and booleans that a template holds as text are turned into what DMS takes."""
    shape = DMS.operation_model(operation).input_shape
    return DMS.call(region, operation, members if shape is None else _coerced(shape, members))


def ignoring_absence(region: "Region", operation: str, members: dict[str, Any]) -> None:
    """Call a deleting operation; what is gone already is no error."""
    try:
        call(region, operation, members)
    except AwsError as error:
        if error.code != "ResourceNotFoundFault":
            raise


def with_stack_tags(properties: dict[str, Any], tags: dict[str, str]) -> dict[str, Any]:
    """Return the properties with the stack's tags among the resource's own, which win."""
    own = {tag["Key"]: tag.get("Value", "") for tag in properties.get("Tags", [])}
    merged = tags | own
    if not merged:
        return properties
    return {**properties, "Tags": [{"Key": key, "Value": value} for key, value in merged.items()]}


def replace_tags(region: "Region", arn: str, old: dict[str, Any], new: dict[str, Any]) -> None:
    """Bring the tags that a template gives from ``old`` to ``new``; tags set from outside are kept."""
    before = {tag["Key"] for tag in old.get("Tags", [])}
    after = {tag["Key"] for tag in new.get("Tags", [])}
    if before - after:
        call(region, "RemoveTagsFromResource", {"ResourceArn": arn, "TagKeys": sorted(before - after)})
    if new.get("Tags"):
        call(region, "AddTagsToResource", {"ResourceArn": arn, "Tags": new["Tags"]})


def settle_tags(region: "Region", physical: str, stack_tags: dict[str, str], properties: dict[str, Any]) -> None:
    """After an update, leave only the tags of stack and template, where that behaviour is switched on."""
    if region.world.behaviours.stack_updates_wipe_tags and physical in region.dms.tags:
        own = {tag["Key"]: tag.get("Value", "") for tag in properties.get("Tags", [])}
        region.dms.tags[physical] = stack_tags | own


def _coerced(shape: Shape, value: Any) -> Any:
    if isinstance(shape, StructureShape) and isinstance(value, dict):
        return {
            name: _coerced(shape.members[name], item) if name in shape.members else item for name, item in value.items()
        }
    if isinstance(shape, ListShape) and isinstance(value, list):
        return [_coerced(shape.member, item) for item in value]
    if shape.type_name in ("integer", "long") and isinstance(value, str) and value.lstrip("-").isdigit():
        return int(value)
    if shape.type_name == "boolean" and value in ("true", "false"):
        return value == "true"
    return value
