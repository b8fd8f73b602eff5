"""Where a stack's functions find what they name: parameters, the stack itself, its resources, others' exports."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from deploy_engine.local_aws.cloudformation import functions
from deploy_engine.local_aws.cloudformation.functions import Unknown
from deploy_engine.local_aws.cloudformation.resources import RESOURCE_TYPES
from deploy_engine.local_aws.cloudformation.state import Output, Stack
from deploy_engine.local_aws.cloudformation.template import ResourceDefinition, Template
from deploy_engine.local_aws.errors import AwsError

if TYPE_CHECKING:
    from deploy_engine.local_aws.world import Region


class StackScope:
    """The scope of one stack under one template."""

    def __init__(
        self,
        region: "Region",
        stack: Stack,
        template: Template,
        parameters: dict[str, str],
        unknown: frozenset[str] = frozenset(),
    ) -> None:
        """``unknown`` are resources whose values only the operation will settle."""
        self._region = region
        self._stack = stack
        self._template = template
        self._parameters = parameters
        self._unknown = unknown
        self.imported: set[str] = set()

    def reference(self, name: str) -> Any:
        """Return what `Ref` comes to."""
        if name in self._parameters:
            return self._parameters[name]
        pseudo = self._pseudo(name)
        if pseudo is not None:
            return pseudo
        if name in self._unknown or name not in self._stack.resources:
            return Unknown(name)
        resource = self._stack.resources[name]
        return RESOURCE_TYPES[resource.kind].reference(resource.physical)

    def attribute(self, logical: str, name: str) -> Any:
        """Return what `Fn::GetAtt` comes to."""
        if logical in self._unknown or logical not in self._stack.resources:
            return Unknown(logical)
        resource = self._stack.resources[logical]
        return RESOURCE_TYPES[resource.kind].attribute(self._region, resource.physical, name)

    def exported(self, name: str) -> str:
        """Return the value of an export of another stack."""
        for _, output in exports(self._region):
            if output.export == name:
                self.imported.add(name)
                return output.value
        raise AwsError("ValidationError", f"No export named {name} found. Rollback requested by user.")

    def condition(self, name: str) -> bool:
        """Return whether a condition of the template holds."""
        if name not in self._template.conditions:
            raise AwsError("ValidationError", f"Template error: unresolved condition {name}")
        return functions.holds(self._template.conditions[name], self)

    def wanted(self) -> dict[str, ResourceDefinition]:
        """Return the resources whose condition holds."""
        return {
            logical: definition
            for logical, definition in self._template.resources.items()
            if definition.condition is None or self.condition(definition.condition)
        }

    def properties(self, definition: ResourceDefinition) -> dict[str, Any]:
        """Return the resolved properties of a resource; unknown values stand in them as `Unknown`."""
        resolved: dict[str, Any] = functions.resolve(definition.properties, self)
        return resolved

    def outputs(self) -> list[Output]:
        """Return the outputs whose condition holds."""
        found = []
        for key, body in self._template.outputs.items():
            if "Condition" in body and not self.condition(body["Condition"]):
                continue
            export = functions.resolve(body["Export"]["Name"], self) if "Export" in body else None
            value = functions.resolve(body["Value"], self)
            text = "" if isinstance(value, Unknown) else str(value)
            found.append(Output(key, text, body.get("Description"), export))
        return found

    def _pseudo(self, name: str) -> str | None:
        values = {
            "AWS::AccountId": self._region.world.account,
            "AWS::Region": self._region.name,
            "AWS::Partition": "aws",
            "AWS::StackName": self._stack.name,
            "AWS::StackId": self._stack.id,
            "AWS::URLSuffix": "amazonaws.com",
        }
        return values.get(name)


def exports(region: "Region") -> Iterator[tuple[Stack, Output]]:
    """Yield every export of the region with its stack."""
    for stack in region.cloudformation.live():
        for output in stack.outputs:
            if output.export is not None:
                yield stack, output


def importers(region: "Region", name: str) -> list[str]:
    """Return the stacks that import the export ``name``."""
    return [stack.name for stack in region.cloudformation.live() if name in stack.imports]


def contains_unknown(value: Any) -> Unknown | None:
    """Return the first unknown value inside ``value``, or None."""
    if isinstance(value, Unknown):
        return value
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for child in children:
        found = contains_unknown(child)
        if found is not None:
            return found
    return None
