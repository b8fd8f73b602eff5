"""What every resource type of the local CloudFormation has: its properties, and how it is made, changed and removed."""

import secrets
import string
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from deploy_engine.local_aws.errors import AwsError

if TYPE_CHECKING:
    from deploy_engine.local_aws.world import Region

LONGEST_NAME = 63
SUFFIX = string.ascii_lowercase + string.digits


@dataclass(frozen=True)
class Property:
    """A property: its kind, whether it must be given, and whether a change of it replaces the resource.

    ``kind`` is string, integer, number, boolean, list or object (a list of strings is a list).
    """

    kind: str = "string"
    required: bool = False
    create_only: bool = False


@dataclass(frozen=True)
class Place:
    """Where a resource stands in its stack, for names that CloudFormation makes up."""

    stack: str
    logical: str
    tags: dict[str, str]

    def invented_name(self) -> str:
        """Return a name as CloudFormation invents them: stack, logical id and a random ending."""
        ending = "".join(secrets.choice(SUFFIX) for _ in range(12))
        return f"{self.stack}-{self.logical}"[: LONGEST_NAME - 13].rstrip("-") + f"-{ending}"


class ResourceType(ABC):
    """One resource type. Its methods raise AwsError or botocore's ClientError where AWS would refuse."""

    name: ClassVar[str]
    properties: ClassVar[dict[str, Property]]
    attributes: ClassVar[frozenset[str]] = frozenset()
    detects_drift: ClassVar[bool] = True
    service: ClassVar[str] = ""
    """The service as CloudFormation names it in reasons."""

    @abstractmethod
    def create(self, region: "Region", place: Place, properties: dict[str, Any]) -> str:
        """Begin to create the resource and return its physical id."""

    @abstractmethod
    def update(self, region: "Region", physical: str, old: dict[str, Any], new: dict[str, Any]) -> None:
        """Begin to change the resource from ``old`` to ``new`` properties."""

    @abstractmethod
    def delete(self, region: "Region", physical: str, properties: dict[str, Any]) -> None:
        """Begin to delete the resource; one that is gone already is no error."""

    def settled(self, region: "Region", physical: str) -> bool:
        """Tell whether what was begun is over; raises AwsError when it failed."""
        return True

    def gone(self, region: "Region", physical: str) -> bool:
        """Tell whether a deleted resource has disappeared."""
        return True

    def reference(self, physical: str) -> str:
        """Return what `Ref` gives."""
        return physical

    def attribute(self, region: "Region", physical: str, name: str) -> str:
        """Return what `Fn::GetAtt` gives for one of `attributes`."""
        raise AwsError("ValidationError", f"{self.name} has no attribute {name}")

    def live(self, region: "Region", physical: str) -> dict[str, Any] | None:
        """Return the properties that the resource really has, or None when it is gone.

        Only of types that say `detects_drift`; a property that is left out here is not compared.
        """
        raise AwsError("ValidationError", f"{self.name} does not support drift detection")

    def check_names(self, logical: str, properties: dict[str, Any]) -> None:
        """Refuse properties that the type does not have here, and missing ones."""
        unknown = sorted(set(properties) - set(self.properties))
        if unknown:
            raise AwsError("ValidationError", f"Encountered unsupported property {unknown[0]} in {logical}")
        missing = sorted(name for name, item in self.properties.items() if item.required and name not in properties)
        if missing:
            raise AwsError("ValidationError", f"Property {missing[0]} cannot be empty in {logical}")

    def checked(self, logical: str, properties: dict[str, Any]) -> dict[str, Any]:
        """Return resolved properties with their scalars in the right type; refuse what does not fit."""
        return {
            name: _fitted(f"{logical}.{name}", self.properties[name].kind, value) for name, value in properties.items()
        }

    def create_only(self) -> frozenset[str]:
        """Return the properties whose change replaces the resource."""
        return frozenset(name for name, item in self.properties.items() if item.create_only)


def _fitted(path: str, kind: str, value: Any) -> Any:
    if kind in ("list", "object") or isinstance(value, list | dict):
        fits = (kind == "list" and isinstance(value, list)) or (kind == "object" and isinstance(value, dict))
        if not fits:
            raise _misfit(path, kind, value)
        return value
    text = str(value).lower() if isinstance(value, bool) else str(value)
    if kind == "string":
        return text
    if kind == "boolean" and text in ("true", "false"):
        return text == "true"
    try:
        if kind == "integer":
            return int(text)
        if kind == "number":
            return float(text)
    except ValueError:
        pass
    raise _misfit(path, kind, value)


def _misfit(path: str, kind: str, value: Any) -> AwsError:
    return AwsError("ValidationError", f"Value of property {path} must be of type {kind}, but is {value!r}"[:500])
