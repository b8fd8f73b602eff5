"""A CloudFormation stack as it is now. Statuses: dms-facts.md section 5."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

UPDATABLE = frozenset({"CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", "IMPORT_COMPLETE"})
NEVER_SUCCEEDED = frozenset({"ROLLBACK_COMPLETE", "CREATE_FAILED", "REVIEW_IN_PROGRESS"})
"""A stack in one of these holds nothing that runs; ``ROLLBACK_COMPLETE`` can only be deleted."""


@dataclass(frozen=True)
class StackView:
    """``template`` is the deployed template as parsed JSON (None while the stack has none); ``outputs`` by key."""

    name: str
    status: str
    status_reason: str = ""
    template: Mapping[str, Any] | None = None
    outputs: Mapping[str, str] = field(default_factory=dict)
    exports: Mapping[str, str] = field(default_factory=dict)

    @property
    def in_progress(self) -> bool:
        """AWS is at work on it (a change set waiting for review is not work)."""
        return self.status.endswith("_IN_PROGRESS") and self.status != "REVIEW_IN_PROGRESS"

    @property
    def updatable(self) -> bool:
        return self.status in UPDATABLE

    @property
    def never_succeeded(self) -> bool:
        return self.status in NEVER_SUCCEEDED

    @property
    def is_remains(self) -> bool:
        """It never came up, and has to be deleted before it can be created."""
        return self.never_succeeded and self.status != "REVIEW_IN_PROGRESS"
