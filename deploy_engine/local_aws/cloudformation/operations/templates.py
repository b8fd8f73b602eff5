"""Reading and checking templates."""

from typing import TYPE_CHECKING, Any

from deploy_engine.local_aws.cloudformation.operations.table import CLOUDFORMATION, refuse, stack_at, template_text
from deploy_engine.local_aws.cloudformation.template import parse
from deploy_engine.local_aws.errors import AwsError

if TYPE_CHECKING:
    from deploy_engine.local_aws.world import Region


@CLOUDFORMATION.operation("GetTemplate", "StackName ChangeSetName TemplateStage")
def get_template(region: "Region", members: dict[str, Any]) -> dict[str, Any]:
    """Return a stack's template as it was sent, or that of one of its change sets."""
    if "StackName" not in members:
        raise refuse("StackName is required if ChangeSetName is not specified.")
    stack = stack_at(region, members["StackName"])
    text = stack.template
    if "ChangeSetName" in members:
        wanted = members["ChangeSetName"]
        texts = [item.template for item in stack.change_sets.values() if wanted in (item.name, item.id)]
        if not texts:
            raise AwsError("ChangeSetNotFound", f"ChangeSet [{wanted}] does not exist", status=404)
        text = texts[0]
    return {"TemplateBody": text, "StagesAvailable": ["Original", "Processed"]}


@CLOUDFORMATION.operation("ValidateTemplate", "TemplateBody TemplateURL")
def validate_template(region: "Region", members: dict[str, Any]) -> dict[str, Any]:
    """Check a template by itself."""
    template = parse(template_text(region, members))
    needed = template.capabilities()
    return {
        "Parameters": [
            {
                "ParameterKey": name,
                "DefaultValue": None if "Default" not in body else str(body["Default"]),
                "NoEcho": bool(body.get("NoEcho", False)),
                "Description": body.get("Description"),
            }
            for name, body in template.parameters.items()
        ],
        "Description": template.description,
        "Capabilities": needed or None,
        "CapabilitiesReason": ("The following resource(s) require capabilities: [AWS::IAM::Role]" if needed else None),
    }
