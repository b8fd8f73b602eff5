"""CloudFormation's intrinsic functions: which names a value depends on, and what it comes to.

Only the functions listed here exist; any other is refused. A value that is not known yet (a resource that a change
set would create) is `Unknown`, and whatever is made from it is unknown as well.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from deploy_engine.local_aws.errors import AwsError, unsupported

PSEUDO_PARAMETERS = frozenset(
    f"AWS::{name}" for name in ("AccountId", "Region", "Partition", "StackName", "StackId", "URLSuffix", "NoValue")
)
VALUE_FUNCTIONS = frozenset(
    {"Ref", "Fn::GetAtt", "Fn::Sub", "Fn::ImportValue", "Fn::Select", "Fn::Split", "Fn::Join", "Fn::If"}
)
CONDITION_FUNCTIONS = frozenset({"Fn::Equals", "Fn::And", "Fn::Or", "Fn::Not", "Condition"})
PLACEHOLDER = re.compile(r"\$\{(!?[^}]*)\}")
SUB_PARTS, IF_PARTS, PAIR = 2, 3, 2


@dataclass(frozen=True)
class Unknown:
    """A value that only the operation itself will settle; ``cause`` is the resource that it waits for."""

    cause: str


class _NoValue:
    """What `AWS::NoValue` comes to: the property is left out."""


NO_VALUE = _NoValue()


class Scope(Protocol):
    """Where the functions find what they name."""

    def reference(self, name: str) -> Any:
        """Return what `Ref` of a parameter, pseudo parameter or resource comes to."""

    def attribute(self, logical: str, name: str) -> Any:
        """Return what `Fn::GetAtt` comes to."""

    def exported(self, name: str) -> str:
        """Return the value of an export, or refuse."""

    def condition(self, name: str) -> bool:
        """Return whether a condition of the template holds."""


def resolve(value: Any, scope: Scope) -> Any:
    """Return what ``value`` comes to in ``scope``."""
    if isinstance(value, list):
        items = [resolve(item, scope) for item in value]
        return [item for item in items if item is not NO_VALUE]
    if not isinstance(value, dict):
        return value
    name = _function(value)
    if name is not None:
        return _VALUES[name](value[name], scope)
    resolved = {key: resolve(item, scope) for key, item in value.items()}
    return {key: item for key, item in resolved.items() if item is not NO_VALUE}


def holds(expression: Any, scope: Scope) -> bool:
    """Return whether a condition holds."""
    if not isinstance(expression, dict) or len(expression) != 1:
        raise _malformed("every condition must be one function")
    ((name, argument),) = expression.items()
    if name == "Condition":
        return scope.condition(argument)
    if name == "Fn::Equals" and isinstance(argument, list) and len(argument) == PAIR:
        left, right = resolve(argument, scope)
        return str(left) == str(right)
    if name == "Fn::Not" and isinstance(argument, list) and len(argument) == 1:
        return not holds(argument[0], scope)
    if name in ("Fn::And", "Fn::Or") and isinstance(argument, list):
        results = [holds(item, scope) for item in argument]
        return all(results) if name == "Fn::And" else any(results)
    raise unsupported(f"the condition function {name} as it is written")


def references(value: Any) -> frozenset[str]:
    """Return the resources and parameters that a value names; refuses functions that do not exist here."""
    return frozenset(name for name, _ in _named(value))


def attributes_used(value: Any) -> list[tuple[str, str]]:
    """Return each (resource, attribute) that a value asks for."""
    return [(name, attribute) for name, attribute in _named(value) if attribute]


def conditions_used(value: Any) -> set[str]:
    """Return the conditions that `Fn::If` asks for in a value."""
    return {str(body[0]) for name, body in _calls(value) if name == "Fn::If" and isinstance(body, list) and body}


def conditions_named(expression: Any) -> set[str]:
    """Return the conditions that a condition's expression names."""
    if isinstance(expression, list):
        return {name for item in expression for name in conditions_named(item)}
    if not isinstance(expression, dict):
        return set()
    named = {str(expression["Condition"])} if "Condition" in expression else set()
    return named | conditions_named(list(expression.values()))


def _named(value: Any) -> Iterator[tuple[str, str]]:
    for name, body in _calls(value):
        if name == "Ref":
            yield str(body), ""
        elif name == "Fn::GetAtt":
            yield _attribute_parts(body)
        elif name == "Fn::Sub":
            text, own = _sub_parts(body)
            for placeholder in PLACEHOLDER.findall(text):
                if not placeholder.startswith("!") and placeholder not in own:
                    logical, _, attribute = placeholder.partition(".")
                    yield logical, attribute


def _calls(value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, list):
        for item in value:
            yield from _calls(item)
    elif isinstance(value, dict):
        name = _function(value)
        if name is not None:
            yield name, value[name]
        for item in value.values():
            yield from _calls(item)


def _function(value: dict[str, Any]) -> str | None:
    name = next(iter(value)) if len(value) == 1 else None
    suspicious = [key for key in value if key == "Ref" or key.startswith("Fn::")]
    if not suspicious:
        return None
    if name in VALUE_FUNCTIONS or name in CONDITION_FUNCTIONS:
        return name
    raise unsupported(f"the function {suspicious[0]}")


def _ref(body: Any, scope: Scope) -> Any:
    return NO_VALUE if body == "AWS::NoValue" else scope.reference(str(body))


def _get_att(body: Any, scope: Scope) -> Any:
    return scope.attribute(*_attribute_parts(body))


def _sub(body: Any, scope: Scope) -> Any:
    text, own = _sub_parts(body)
    unknown: list[Unknown] = []

    def put(match: re.Match[str]) -> str:
        name = match.group(1)
        if name.startswith("!"):
            return "${" + name[1:] + "}"
        if name in own:
            found = resolve(own[name], scope)
        else:
            logical, _, attribute = name.partition(".")
            found = scope.attribute(logical, attribute) if attribute else scope.reference(logical)
        if isinstance(found, Unknown):
            unknown.append(found)
        return str(found)

    result = PLACEHOLDER.sub(put, text)
    return unknown[0] if unknown else result


def _import_value(body: Any, scope: Scope) -> Any:
    return scope.exported(str(resolve(body, scope)))


def _select(body: Any, scope: Scope) -> Any:
    if not isinstance(body, list) or len(body) != PAIR:
        raise _malformed("Fn::Select takes an index and a list")
    index, items = resolve(body[0], scope), resolve(body[1], scope)
    if isinstance(items, Unknown):
        return items
    if not isinstance(items, list) or not str(index).isdigit() or int(index) >= len(items):
        raise _malformed(f"Fn::Select cannot select nonexistent value at index {index}")
    return items[int(index)]


def _split(body: Any, scope: Scope) -> Any:
    if not isinstance(body, list) or len(body) != PAIR:
        raise _malformed("Fn::Split takes a delimiter and a string")
    text = resolve(body[1], scope)
    return text if isinstance(text, Unknown) else str(text).split(str(body[0]))


def _join(body: Any, scope: Scope) -> Any:
    if not isinstance(body, list) or len(body) != PAIR:
        raise _malformed("Fn::Join takes a delimiter and a list")
    items = resolve(body[1], scope)
    if isinstance(items, Unknown):
        return items
    unknown = [item for item in items if isinstance(item, Unknown)]
    return unknown[0] if unknown else str(body[0]).join(str(item) for item in items)


def _if(body: Any, scope: Scope) -> Any:
    if not isinstance(body, list) or len(body) != IF_PARTS:
        raise _malformed("Fn::If takes a condition and two values")
    return resolve(body[1] if scope.condition(str(body[0])) else body[2], scope)


def _not_a_value(body: Any, scope: Scope) -> Any:
    raise _malformed("condition functions are allowed in Conditions only")


_VALUES: dict[str, Callable[[Any, Scope], Any]] = {
    "Ref": _ref,
    "Fn::GetAtt": _get_att,
    "Fn::Sub": _sub,
    "Fn::ImportValue": _import_value,
    "Fn::Select": _select,
    "Fn::Split": _split,
    "Fn::Join": _join,
    "Fn::If": _if,
    **dict.fromkeys(CONDITION_FUNCTIONS - {"Condition"}, _not_a_value),
}


def _attribute_parts(body: Any) -> tuple[str, str]:
    parts = body.split(".", 1) if isinstance(body, str) else body
    if not isinstance(parts, list) or len(parts) != PAIR or not all(isinstance(part, str) for part in parts):
        raise _malformed("Fn::GetAtt takes a resource and an attribute")
    return parts[0], parts[1]


def _sub_parts(body: Any) -> tuple[str, dict[str, Any]]:
    if isinstance(body, str):
        return body, {}
    if isinstance(body, list) and len(body) == SUB_PARTS and isinstance(body[0], str) and isinstance(body[1], dict):
        return body[0], body[1]
    raise _malformed("Fn::Sub takes a string, or a string and a map")


def _malformed(message: str) -> AwsError:
    return AwsError("ValidationError", f"Template error: {message}.")
