"""Parses a template and refuses whatever the local AWS could not carry out to the letter.

Accepted: JSON with Parameters, Conditions, Resources and Outputs. Refused, never skipped: YAML, Mappings,
Transform, Rules, unknown resource types, functions, properties and dynamic references.
"""

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from deploy_engine.local_aws.cloudformation import functions
from deploy_engine.local_aws.cloudformation.resources import RESOURCE_TYPES
from deploy_engine.local_aws.errors import AwsError, unsupported

MOST_RESOURCES, MOST_PARAMETERS, MOST_OUTPUTS = 500, 200, 200
TOP_LEVEL = frozenset(
    {"AWSTemplateFormatVersion", "Description", "Metadata", "Parameters", "Conditions", "Resources", "Outputs"}
)
RESOURCE_KEYS = frozenset(
    {"Type", "Properties", "DependsOn", "Condition", "DeletionPolicy", "UpdateReplacePolicy", "Metadata"}
)
POLICIES = frozenset({"Delete", "Retain"})
PARAMETER_KEYS = frozenset({"Type", "Default", "Description", "AllowedValues", "NoEcho"})
OUTPUT_KEYS = frozenset({"Value", "Description", "Export", "Condition"})
LONGEST_PARAMETER = 4096


@dataclass(frozen=True)
class ResourceDefinition:
    """One entry of a template's Resources."""

    logical: str
    kind: str
    properties: dict[str, Any]
    depends: frozenset[str]
    condition: str | None
    retain_on_delete: bool
    retain_on_replace: bool


@dataclass(frozen=True)
class Template:
    """A parsed template."""

    text: str
    description: str | None
    parameters: dict[str, dict[str, Any]]
    conditions: dict[str, Any]
    resources: dict[str, ResourceDefinition]
    outputs: dict[str, dict[str, Any]]

    def capabilities(self) -> list[str]:
        """Return the capabilities that the caller must acknowledge."""
        roles = [item for item in self.resources.values() if item.kind == "AWS::IAM::Role"]
        if any("RoleName" in role.properties for role in roles):
            return ["CAPABILITY_NAMED_IAM"]
        return ["CAPABILITY_IAM"] if roles else []


@lru_cache(maxsize=64)
def parse(text: str) -> Template:
    """Parse a template; raises AwsError (ValidationError) in CloudFormation's words."""
    try:
        document = json.loads(text)
    except ValueError as error:
        raise _format("JSON not well-formed. The local AWS does not read YAML.") from error
    if not isinstance(document, dict):
        raise _format("unsupported structure.")
    unknown = sorted(set(document) - TOP_LEVEL)
    if unknown:
        raise unsupported(f"the template section {unknown[0]}")
    if "{{resolve:" in text:
        raise unsupported("dynamic references ({{resolve:...}})")
    sections = {name: document.get(name, {}) for name in ("Parameters", "Conditions", "Resources", "Outputs")}
    for name, section in sections.items():
        if not isinstance(section, dict):
            raise _format(f"the section {name} is not an object.")
    _check_counts(sections)
    template = Template(
        text=text,
        description=document.get("Description"),
        parameters={name: _parameter(name, body) for name, body in sections["Parameters"].items()},
        conditions=sections["Conditions"],
        resources={name: _resource(name, body) for name, body in sections["Resources"].items()},
        outputs={name: _output(name, body) for name, body in sections["Outputs"].items()},
    )
    _check_references(template)
    return template


def parameter_values(template: Template, given: dict[str, str]) -> dict[str, str]:
    """Return each parameter's value: the given one, else its default; refuse missing and unknown ones."""
    unknown = sorted(set(given) - set(template.parameters))
    if unknown:
        raise _validation(f"Parameters: [{', '.join(unknown)}] do not exist in the template")
    values = {}
    for name, body in template.parameters.items():
        value = given.get(name, body.get("Default"))
        if value is None:
            raise _validation(f"Parameters: [{name}] must have values")
        value = str(value)
        if len(value.encode()) > LONGEST_PARAMETER:
            raise _validation(f"Parameter '{name}' must not be longer than {LONGEST_PARAMETER} bytes")
        if "AllowedValues" in body and value not in [str(item) for item in body["AllowedValues"]]:
            raise _validation(f"Parameter '{name}' must be one of AllowedValues")
        values[name] = value
    return values


def _check_counts(sections: dict[str, dict[str, Any]]) -> None:
    if not sections["Resources"]:
        raise _format("At least one Resources member must be defined.")
    limits = {"Resources": MOST_RESOURCES, "Parameters": MOST_PARAMETERS, "Outputs": MOST_OUTPUTS}
    for name, most in limits.items():
        count = len(sections[name])
        if count > most:
            raise _format(f"Number of {name.lower()}, {count}, is greater than maximum allowed, {most}")


def _parameter(name: str, body: Any) -> dict[str, Any]:
    if not isinstance(body, dict) or set(body) - PARAMETER_KEYS or body.get("Type") not in ("String", "Number"):
        raise unsupported(f"the parameter {name}: only String and Number with {', '.join(sorted(PARAMETER_KEYS))}")
    return body


def _resource(logical: str, body: Any) -> ResourceDefinition:
    if not logical.isalnum() or not logical.isascii():
        raise _format(f"Resource name {logical} is non alphanumeric.")
    if not isinstance(body, dict) or not isinstance(body.get("Properties", {}), dict):
        raise _format(f"resource {logical} is not an object with properties.")
    unknown = sorted(set(body) - RESOURCE_KEYS)
    if unknown:
        raise unsupported(f"the attribute {unknown[0]} of resource {logical}")
    kind = body.get("Type")
    if not isinstance(kind, str) or kind not in RESOURCE_TYPES:
        raise _format(f"Unrecognized resource types: [{kind}]. The local AWS has {', '.join(sorted(RESOURCE_TYPES))}.")
    properties = body.get("Properties", {})
    RESOURCE_TYPES[kind].check_names(logical, properties)
    for policy in ("DeletionPolicy", "UpdateReplacePolicy"):
        if body.get(policy, "Delete") not in POLICIES:
            raise unsupported(f"{policy} {body[policy]!r} of resource {logical}")
    explicit = _names(logical, "DependsOn", body.get("DependsOn", []))
    condition = _names(logical, "Condition", body.get("Condition", []))
    return ResourceDefinition(
        logical=logical,
        kind=kind,
        properties=properties,
        depends=explicit | functions.references(properties),
        condition=next(iter(condition), None),
        retain_on_delete=body.get("DeletionPolicy") == "Retain",
        retain_on_replace=body.get("UpdateReplacePolicy") == "Retain",
    )


def _names(logical: str, attribute: str, value: Any) -> frozenset[str]:
    names = [value] if isinstance(value, str) else value
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise _format(f"Every {attribute} value of resource {logical} must be a string or a list of strings.")
    return frozenset(names)


def _output(name: str, body: Any) -> dict[str, Any]:
    if not isinstance(body, dict) or "Value" not in body or set(body) - OUTPUT_KEYS:
        raise _format(f"Output {name} is malformed. Every Outputs object must contain a Value member.")
    export = body.get("Export", {"Name": ""})
    if not isinstance(export, dict) or set(export) != {"Name"}:
        raise _format(f"Output {name} is malformed: Export must hold a Name.")
    if functions.references(export["Name"]) - functions.PSEUDO_PARAMETERS:
        raise _format(f"Output {name} is malformed: an export's name cannot depend on a resource.")
    return body


def _check_references(template: Template) -> None:
    known = set(template.resources) | set(template.parameters) | functions.PSEUDO_PARAMETERS
    for logical, definition in template.resources.items():
        _known(definition.depends, known, "Resources")
        conditions = functions.conditions_used(definition.properties) | ({definition.condition} - {None})
        if conditions - set(template.conditions):
            raise _format(f"Unresolved condition dependency in resource {logical}.")
        for target, attribute in functions.attributes_used(definition.properties):
            _check_attribute(template, target, attribute)
    for body in template.outputs.values():
        _known(functions.references(body["Value"]), known, "Outputs")
        for target, attribute in functions.attributes_used(body["Value"]):
            _check_attribute(template, target, attribute)
    for name, expression in template.conditions.items():
        allowed = set(template.parameters) | functions.PSEUDO_PARAMETERS
        _known(functions.references(expression), allowed, f"Conditions ({name})")
    _check_no_circle(
        "resources", {name: set(item.depends) & set(template.resources) for name, item in template.resources.items()}
    )
    _check_no_circle(
        "conditions", {name: functions.conditions_named(body) for name, body in template.conditions.items()}
    )


def _check_attribute(template: Template, target: str, attribute: str) -> None:
    definition = template.resources.get(target)
    if definition is None or attribute not in RESOURCE_TYPES[definition.kind].attributes:
        raise _validation(
            f"Template error: resource {target} does not support attribute type {attribute} in Fn::GetAtt"
        )


def _known(names: frozenset[str], known: set[str], block: str) -> None:
    missing = sorted(names - known)
    if missing:
        raise _format(f"Unresolved resource dependencies [{', '.join(missing)}] in the {block} block of the template")


def _check_no_circle(noun: str, needs: dict[str, set[str]]) -> None:
    left = needs
    while left:
        free = {name for name, depends in left.items() if not depends}
        if not free:
            raise _validation(f"Circular dependency between {noun}: [{', '.join(sorted(left))}]")
        left = {name: depends - free for name, depends in left.items() if name not in free}


def _format(message: str) -> AwsError:
    return _validation(f"Template format error: {message}")


def _validation(message: str) -> AwsError:
    return AwsError("ValidationError", message)
