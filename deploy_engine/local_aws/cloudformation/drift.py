"""Drift detection: the properties that a stack last applied, compared with those that its resources have now.

Only properties that the template sets are compared, inside JSON and inside objects too. DMS fills up the settings of a
task, so that a task whose template leaves any of them out counts as MODIFIED although nobody touched it: AWS reports
this false drift (`dms-facts.md` section 5), and so does the local AWS. Mappings stay as they were sent.
"""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from deploy_engine.local_aws.cloudformation.resources import RESOURCE_TYPES
from deploy_engine.local_aws.cloudformation.state import (
    DriftDetection,
    PropertyDifference,
    ResourceDrift,
    Stack,
    StackResource,
)
from deploy_engine.local_aws.errors import AwsError

if TYPE_CHECKING:
    from deploy_engine.local_aws.world import Region

NOT_COMPARED = frozenset({"Tags", "ResourceIdentifier", "AllowMajorVersionUpgrade"})
FILLED_UP = frozenset({"ReplicationTaskSettings"})
"""JSON texts in which what the template leaves out counts as added."""


def finish(region: "Region", stack: Stack, detection: DriftDetection) -> None:
    """Look at the resources that the detection is about."""
    detection.until = None
    for logical in sorted(detection.logical & set(stack.resources)):
        resource = stack.resources[logical]
        if RESOURCE_TYPES[resource.kind].detects_drift and resource.physical:
            stack.drifts[logical] = look(region, resource)
    seen = [item for logical, item in stack.drifts.items() if logical in detection.logical]
    detection.drifted = sum(item.status != "IN_SYNC" for item in seen)


def look(region: "Region", resource: StackResource) -> ResourceDrift:
    """Compare one resource with what its stack last applied."""
    expected = {name: value for name, value in resource.properties.items() if name not in NOT_COMPARED}
    actual: dict[str, Any] | None
    try:
        actual = RESOURCE_TYPES[resource.kind].live(region, resource.physical)
    except (AwsError, ClientError):
        actual = None
    differences: list[PropertyDifference] = []
    if actual is not None:
        actual = {name: actual[name] for name in expected if actual.get(name) is not None}
        for name, value in expected.items():
            differences += _differences(f"/{name}", value, actual.get(name), closed=name in FILLED_UP)
    status = "DELETED" if actual is None else "MODIFIED" if differences else "IN_SYNC"
    return ResourceDrift(
        logical=resource.logical,
        physical=resource.physical,
        kind=resource.kind,
        status=status,
        at=region.now,
        expected=expected,
        actual=actual,
        differences=differences,
    )


def stack_status(stack: Stack) -> str:
    """Return the drift status of a whole stack."""
    if not any(detection.until is None for detection in stack.detections.values()):
        return "NOT_CHECKED"
    return "DRIFTED" if any(item.status != "IN_SYNC" for item in stack.drifts.values()) else "IN_SYNC"


def last_check(stack: Stack) -> float | None:
    """Return when a stack was last looked at as a whole."""
    finished = [item.started for item in stack.detections.values() if item.until is None]
    return max(finished, default=None)


def as_text(value: Any) -> str:
    """Return a property's value as CloudFormation shows it: text as it is, everything else as JSON."""
    if value is None:
        return "null"
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True)


def _differences(path: str, expected: Any, actual: Any, *, closed: bool) -> Iterator[PropertyDifference]:
    """Yield what differs; in a ``closed`` value, members that only ``actual`` has are differences too."""
    before, after = _parsed(expected), _parsed(actual)
    if isinstance(expected, str) and isinstance(before, dict | list):
        if not _same(before, after, closed=closed):
            yield PropertyDifference(path, expected, as_text(actual), "NOT_EQUAL")
        return
    if isinstance(expected, dict) and isinstance(actual, dict):
        for name, value in expected.items():
            yield from _differences(f"{path}/{name}", value, actual.get(name), closed=closed)
        return
    if isinstance(expected, list) and isinstance(actual, list):
        yield from _list_differences(path, expected, actual)
        return
    if actual is None:
        yield PropertyDifference(path, as_text(expected), "null", "REMOVE")
    elif not _same(expected, actual, closed=closed):
        yield PropertyDifference(path, as_text(expected), as_text(actual), "NOT_EQUAL")


def _list_differences(path: str, expected: list[Any], actual: list[Any]) -> Iterator[PropertyDifference]:
    """Yield the items that went and those that came; their order has no meaning."""
    for position, item in enumerate(expected):
        if not any(_same(item, other, closed=False) for other in actual):
            yield PropertyDifference(f"{path}/{position}", as_text(item), "null", "REMOVE")
    for position, item in enumerate(actual):
        if not any(_same(other, item, closed=False) for other in expected):
            yield PropertyDifference(f"{path}/{position}", "null", as_text(item), "ADD")


def _same(expected: Any, actual: Any, *, closed: bool) -> bool:
    if isinstance(expected, dict) and isinstance(actual, dict):
        if closed and set(actual) - set(expected):
            return False
        return all(name in actual and _same(value, actual[name], closed=closed) for name, value in expected.items())
    if isinstance(expected, list) and isinstance(actual, list) and len(expected) == len(actual):
        return all(_same(one, other, closed=closed) for one, other in zip(expected, actual, strict=True))
    if isinstance(expected, list) and len(expected) == 1 and isinstance(actual, str):
        return bool(expected[0] == actual)
    return expected == actual or str(expected).lower() == str(actual).lower()


def _parsed(value: Any) -> Any:
    try:
        return json.loads(value) if isinstance(value, str) else value
    except ValueError:
        return value
