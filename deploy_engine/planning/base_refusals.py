"""What never changes in a live base stack: where the lake endpoints write and in which form, and what others import."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from deploy_engine.checks.case import Case
from deploy_engine.checks.places import scope_place
from deploy_engine.diffing import StackDifference
from deploy_engine.diffing.stacks import ENDPOINT, ROLE, SECURITY_GROUP, SUBNET_GROUP
from deploy_engine.findings import Finding, Status
from deploy_engine.live import StackView, Unknown

CHECK = "plan.understood"
"""The id under which refusals of the planner appear beside the findings of the checks."""

_UNDERSTOOD = frozenset({ENDPOINT, ROLE, SECURITY_GROUP, SUBNET_GROUP})
_BUCKET = "BucketName"
_NOT_FORMAT = frozenset(
    {_BUCKET, "CdcMaxBatchInterval", "CdcMinFileSize", "ServiceAccessRoleArn", "ExpectedBucketOwner"}
)
"""Settings of a lake endpoint that say when, as whom and for whom it writes; every other one says in which form."""


def base_refusals(case: Case, difference: StackDifference) -> Iterator[Finding]:
    """Every refusal of a change of a base stack that is deployed."""
    for logical_id in difference.modified:
        kind = difference.types[logical_id]
        if kind not in _UNDERSTOOD:
            message = f"{logical_id} ({kind}) would be modified, and what that does to running tasks is not known"
            yield _refusal(case, message, "take that change back", kind)
        elif kind == ENDPOINT:
            yield from _of_endpoint(case, logical_id)
    yield from _of_exports(case, difference)


def _refusal(case: Case, message: str, remedy: str, found: str = "", allowed: str = "") -> Finding:
    return Finding(CHECK, Status.FAILED, message, scope_place(case.subject).file, "", remedy, found, allowed)


def _of_endpoint(case: Case, logical_id: str) -> Iterator[Finding]:
    stack = case.observation.stack
    before = _s3_settings(stack.template if isinstance(stack, StackView) else None, logical_id)
    after = _s3_settings(case.rendered.template if case.rendered else None, logical_id)
    for name in sorted({*before, *after}):
        was, would = before.get(name), after.get(name)
        if was == would:
            continue
        if name == _BUCKET:
            message = f"{logical_id} would write into another bucket: the bucket of a live lake never changes"
            remedy = "take the change of lake_bucket back; another lake is another environment"
            yield _refusal(case, message, remedy, str(would), str(was))
        elif name not in _NOT_FORMAT:
            message = f"{name} of {logical_id} would change from {was} to {would}, but a live format never changes"
            remedy = "take the change back: whoever reads a folder would meet two formats in it"
            yield _refusal(case, message, remedy, str(would), str(was))


def _s3_settings(template: Mapping[str, Any] | None, logical_id: str) -> Mapping[str, Any]:
    resource = (template or {}).get("Resources", {}).get(logical_id, {})
    settings: Mapping[str, Any] = resource.get("Properties", {}).get("S3Settings", {})
    return settings


def _of_exports(case: Case, difference: StackDifference) -> Iterator[Finding]:
    """An export that is imported can go neither by CloudFormation's rules nor by reason."""
    imports = case.observation.imports
    for export in difference.exports_gone:
        if isinstance(imports, Unknown) or export not in imports:
            reason = imports.reason if isinstance(imports, Unknown) else "it was not asked"
            yield _refusal(case, f"it is not known who imports {export}: {reason}", "check again")
        elif imports[export]:
            stacks = ", ".join(sorted(imports[export]))
            message = f"{export} would no longer be exported, and is imported by {stacks}"
            yield _refusal(case, message, "take the change back until no stack imports it", stacks, "no import")
