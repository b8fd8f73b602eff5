"""Asking for drift and reading what was found (the comparison itself is in `drift.py` beside the engine)."""

import uuid
from typing import TYPE_CHECKING, Any

from deploy_engine.local_aws.cloudformation import drift
from deploy_engine.local_aws.cloudformation.operations.table import CLOUDFORMATION, page, refuse, stack_at
from deploy_engine.local_aws.cloudformation.resources import RESOURCE_TYPES
from deploy_engine.local_aws.cloudformation.state import FINAL_UPDATABLE, DriftDetection, ResourceDrift, Stack

if TYPE_CHECKING:
    from deploy_engine.local_aws.world import Region

DETECTABLE = FINAL_UPDATABLE | {"UPDATE_ROLLBACK_FAILED"}


@CLOUDFORMATION.operation("DetectStackDrift", "StackName LogicalResourceIds")
def detect_stack_drift(region: "Region", members: dict[str, Any]) -> dict[str, Any]:
    """Begin to look at a stack's resources, one look at a time."""
    stack = _detectable(region, members["StackName"])
    if any(detection.until is not None for detection in stack.detections.values()):
        raise refuse(f"Drift detection operation already in progress for stack [{stack.id}].")
    wanted = members.get("LogicalResourceIds") or list(stack.resources)
    for logical in wanted:
        _require_resource(stack, logical)
    detection = DriftDetection(
        id=str(uuid.uuid4()),
        started=region.now,
        until=region.now + region.timings.drift_detection,
        logical=frozenset(wanted),
    )
    stack.detections[detection.id] = detection
    return {"StackDriftDetectionId": detection.id}


@CLOUDFORMATION.operation("DescribeStackDriftDetectionStatus", "StackDriftDetectionId")
def describe_stack_drift_detection_status(region: "Region", members: dict[str, Any]) -> dict[str, Any]:
    """Say how far a detection is, and how many resources it found drifted."""
    wanted = members["StackDriftDetectionId"]
    for stack in region.cloudformation.stacks.values():
        detection = stack.detections.get(wanted)
        if detection is not None:
            over = detection.until is None
            return {
                "StackId": stack.id,
                "StackDriftDetectionId": detection.id,
                "StackDriftStatus": ("DRIFTED" if detection.drifted else "IN_SYNC") if over else None,
                "DetectionStatus": "DETECTION_COMPLETE" if over else "DETECTION_IN_PROGRESS",
                "DriftedStackResourceCount": detection.drifted if over else None,
                "Timestamp": detection.started,
            }
    raise refuse(f"Drift detection status with id [{wanted}] does not exist.")


@CLOUDFORMATION.operation(
    "DescribeStackResourceDrifts", "StackName StackResourceDriftStatusFilters NextToken MaxResults"
)
def describe_stack_resource_drifts(region: "Region", members: dict[str, Any]) -> dict[str, Any]:
    """Describe what was last found about each resource that was looked at and can be compared."""
    stack = stack_at(region, members["StackName"])
    statuses = set(members.get("StackResourceDriftStatusFilters", []))
    found = [item for _, item in sorted(stack.drifts.items()) if not statuses or item.status in statuses]
    shown, token = page(found, members, members.get("MaxResults"))
    return {"StackResourceDrifts": [_view(stack, item) for item in shown], "NextToken": token}


@CLOUDFORMATION.operation("DetectStackResourceDrift", "StackName LogicalResourceId")
def detect_stack_resource_drift(region: "Region", members: dict[str, Any]) -> dict[str, Any]:
    """Look at one resource and say at once what was found."""
    stack = _detectable(region, members["StackName"])
    logical = members["LogicalResourceId"]
    _require_resource(stack, logical)
    kind = stack.resources[logical].kind
    if not RESOURCE_TYPES[kind].detects_drift:
        raise refuse(f"Drift detection is not supported for resource type [{kind}].")
    stack.drifts[logical] = drift.look(region, stack.resources[logical])
    return {"StackResourceDrift": _view(stack, stack.drifts[logical])}


def _detectable(region: "Region", name: str) -> Stack:
    stack = stack_at(region, name)
    if stack.status not in DETECTABLE:
        raise refuse(f"Drift detection cannot be performed on stack [{stack.id}] while it is in state {stack.status}.")
    return stack


def _require_resource(stack: Stack, logical: str) -> None:
    if logical not in stack.resources:
        raise refuse(f"Resource {logical} does not exist for stack {stack.name}")


def _view(stack: Stack, item: ResourceDrift) -> dict[str, Any]:
    return {
        "StackId": stack.id,
        "LogicalResourceId": item.logical,
        "PhysicalResourceId": item.physical,
        "ResourceType": item.kind,
        "StackResourceDriftStatus": item.status,
        "Timestamp": item.at,
        "ExpectedProperties": drift.as_text(item.expected),
        "ActualProperties": None if item.actual is None else drift.as_text(item.actual),
        "PropertyDifferences": [
            {
                "PropertyPath": difference.path,
                "ExpectedValue": difference.expected,
                "ActualValue": difference.actual,
                "DifferenceType": difference.kind,
            }
            for difference in item.differences
        ],
    }
