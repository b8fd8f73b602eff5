"""What a change set says: which resources a template adds, modifies, replaces and removes (`dms-facts.md` section 5).

Properties are compared after resolving. A value that depends on a resource which is added or replaced cannot be
known: such a change is dynamic, and where the property is create-only the replacement is conditional.
"""

from typing import TYPE_CHECKING, Any

from deploy_engine.local_aws.cloudformation.resources import RESOURCE_TYPES
from deploy_engine.local_aws.cloudformation.scope import StackScope, contains_unknown
from deploy_engine.local_aws.cloudformation.state import Stack, StackResource
from deploy_engine.local_aws.cloudformation.template import ResourceDefinition, Template
from deploy_engine.local_aws.errors import AwsError

if TYPE_CHECKING:
    from deploy_engine.local_aws.world import Region

POLICIES = {"DeletionPolicy": "retain_on_delete", "UpdateReplacePolicy": "retain_on_replace"}


def changes(
    region: "Region", stack: Stack, template: Template, parameters: dict[str, str]
) -> tuple[list[dict[str, Any]], bool]:
    """Return the change set's entries, and whether anything changes at all (outputs and tags count too).

    Raises AwsError where CloudFormation could not even work the changes out.
    """
    scope = StackScope(region, stack, template, parameters)
    wanted = scope.wanted()
    _refuse_other_kinds(stack, wanted)
    unsettled = frozenset(wanted) - frozenset(stack.resources)
    found: dict[str, dict[str, Any]] = {}
    for logical in _in_order(wanted):
        definition = wanted[logical]
        scope = StackScope(region, stack, template, parameters, unsettled)
        properties = _checked(definition, scope.properties(definition))
        current = stack.resources.get(logical)
        if current is None:
            found[logical] = {"Action": "Add", "LogicalResourceId": logical, "ResourceType": definition.kind}
            continue
        entry = _modification(definition, current, properties)
        if entry is not None:
            found[logical] = entry
            if entry["Replacement"] != "False":
                unsettled |= {logical}
    for logical, resource in stack.resources.items():
        if logical not in wanted:
            found[logical] = {
                "Action": "Remove",
                "LogicalResourceId": logical,
                "PhysicalResourceId": resource.physical,
                "ResourceType": resource.kind,
                "PolicyAction": "Retain" if resource.retain_on_delete else "Delete",
            }
    outputs = StackScope(region, stack, template, parameters, unsettled).outputs()
    entries = [
        {"Type": "Resource", "ResourceChange": {"Scope": [], "Details": [], **found[name]}} for name in sorted(found)
    ]
    return entries, bool(entries) or outputs != stack.outputs


def replaces(kind: str, old: dict[str, Any], new: dict[str, Any]) -> bool:
    """Tell whether going from ``old`` to ``new`` properties makes a new resource."""
    return any(old.get(name) != new.get(name) for name in RESOURCE_TYPES[kind].create_only())


def _checked(definition: ResourceDefinition, properties: dict[str, Any]) -> dict[str, Any]:
    """Check the properties that are known; the others are checked when they are."""
    known = {name: value for name, value in properties.items() if contains_unknown(value) is None}
    checked = RESOURCE_TYPES[definition.kind].checked(definition.logical, known)
    return {**properties, **checked}


def _modification(
    definition: ResourceDefinition, current: StackResource, properties: dict[str, Any]
) -> dict[str, Any] | None:
    create_only = RESOURCE_TYPES[definition.kind].create_only()
    details = []
    certain = possible = False
    for name in sorted(set(properties) | set(current.properties)):
        after = properties.get(name)
        if after == current.properties.get(name):
            continue
        cause = contains_unknown(after)
        recreation = "Always" if name in create_only else "Never"
        certain |= name in create_only and cause is None
        possible |= name in create_only
        details.append(
            {
                "Target": {"Attribute": "Properties", "Name": name, "RequiresRecreation": recreation},
                "Evaluation": "Static" if cause is None else "Dynamic",
                "ChangeSource": "DirectModification" if cause is None else "ResourceReference",
                "CausingEntity": None if cause is None else cause.cause,
            }
        )
    policies = [name for name, field in POLICIES.items() if getattr(definition, field) != getattr(current, field)]
    details += [
        {
            "Target": {"Attribute": name, "RequiresRecreation": "Never"},
            "Evaluation": "Static",
            "ChangeSource": "DirectModification",
        }
        for name in policies
    ]
    if not details:
        return None
    properties_changed = len(details) > len(policies)
    return {
        "Action": "Modify",
        "LogicalResourceId": definition.logical,
        "PhysicalResourceId": current.physical,
        "ResourceType": definition.kind,
        "Replacement": "True" if certain else "Conditional" if possible else "False",
        "Scope": (["Properties"] if properties_changed else []) + policies,
        "Details": details,
    }


def _refuse_other_kinds(stack: Stack, wanted: dict[str, ResourceDefinition]) -> None:
    other = [
        name for name, item in wanted.items() if name in stack.resources and stack.resources[name].kind != item.kind
    ]
    if other:
        raise AwsError(
            "ValidationError",
            "Update of resource type is not permitted. The new template modifies resource type of the following "
            f"resources: [{', '.join(sorted(other))}]",
        )


def _in_order(wanted: dict[str, ResourceDefinition]) -> list[str]:
    """Return the resources so that each comes after those it depends on."""
    ordered: list[str] = []
    left = {name: set(item.depends) & set(wanted) for name, item in wanted.items()}
    while left:
        free = sorted(name for name, depends in left.items() if not depends)
        ordered += free
        left = {name: depends - set(free) for name, depends in left.items() if name not in free}
    return ordered
