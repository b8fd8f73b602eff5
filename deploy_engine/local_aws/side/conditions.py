"""Conditions of policies, as far as Sluice's roles and fences need them: tags, and a few keys of single services.

What the local AWS does not know, it refuses: a condition that is passed over would open what it should close.
"""

import re
from collections.abc import Callable, Mapping
from fnmatch import fnmatchcase
from typing import Any

from deploy_engine.local_aws.errors import unsupported
from deploy_engine.local_aws.side.permissions import listed

VARIABLE = re.compile(r"\$\{([^}]+)\}")
IF_EXISTS = "IfExists"
COMPARISONS: dict[str, Callable[[str, str], bool]] = {
    "StringEquals": lambda actual, wanted: actual == wanted,
    "StringEqualsIgnoreCase": lambda actual, wanted: actual.lower() == wanted.lower(),
    "StringLike": fnmatchcase,
}
NEGATIONS = {
    "StringNotEquals": "StringEquals",
    "StringNotEqualsIgnoreCase": "StringEqualsIgnoreCase",
    "StringNotLike": "StringLike",
}
KNOWN_KEYS = (
    "aws:ResourceTag/",
    "aws:PrincipalTag/",
    "cloudformation:RoleArn",
    "cloudformation:TemplateUrl",
    "iam:PassedToService",
    "s3:prefix",
    "sts:ExternalId",
)


def hold(conditions: Mapping[str, Any], context: Mapping[str, str]) -> bool:
    """Tell whether all conditions of a statement hold; ``context`` has the values of the keys that have one."""
    return all(
        _holds(operator, key, [str(value) for value in listed(values)], context)
        for operator, comparisons in conditions.items()
        for key, values in comparisons.items()
    )


def _holds(operator: str, key: str, values: list[str], context: Mapping[str, str]) -> bool:
    if not key.startswith(KNOWN_KEYS):
        raise unsupported(f"the condition key {key}")
    actual = context.get(key)
    if operator == "Null":
        return any((actual is None) == (value.lower() == "true") for value in values)
    name = operator.removesuffix(IF_EXISTS)
    negated = name in NEGATIONS
    comparison = COMPARISONS.get(NEGATIONS.get(name, name))
    if comparison is None:
        raise unsupported(f"the condition operator {operator}")
    if actual is None:
        return negated or operator.endswith(IF_EXISTS)
    resolved = [_resolved(value, context) for value in values]
    met = any(wanted is not None and comparison(actual, wanted) for wanted in resolved)
    return met != negated


def _resolved(value: str, context: Mapping[str, str]) -> str | None:
    """Return a value with its variables filled in, or None when one has no value, which then equals nothing."""
    names = VARIABLE.findall(value)
    unknown = [name for name in names if not name.startswith(KNOWN_KEYS)]
    if unknown:
        raise unsupported(f"the policy variable {unknown[0]}")
    if any(name not in context for name in names):
        return None
    return VARIABLE.sub(lambda match: context[match.group(1)], value)
