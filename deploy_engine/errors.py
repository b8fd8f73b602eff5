"""What can go wrong in the engine, told apart by whose fault it is.

A *failure* is the world saying no, in a sentence for people (:class:`AwsRefused`, :class:`AwsUnreachable`);
bad input is a list of findings (:class:`InvalidConfig`); anything else is a defect of Sluice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deploy_engine.findings import Finding


class EngineError(Exception):
    """Base of every error that the engine raises on purpose; ``str(error)`` is a sentence for people."""


class InvalidConfig(EngineError):
    """A config that does not fit the language; carries every finding, not only the first."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("; ".join(finding.message for finding in self.findings))


class AwsUnreachable(EngineError):
    """No answer came: the call may or may not have had its effect, so look before acting again."""


class AwsThrottled(EngineError):
    """AWS asked to slow down; nothing happened and no attempt is counted."""


class AwsRefused(EngineError):
    """AWS answered no. ``code`` is AWS's own error code, kept so that it can be shown folded beneath the sentence."""

    def __init__(self, operation: str, code: str, message: str) -> None:
        self.operation = operation
        self.code = code
        self.message = message
        super().__init__(f"AWS refused {operation}: {message} ({code})")


class SourceUnreachable(EngineError):
    """A source database may not be, or could not be, looked at; the sentence says why and holds no secret."""


class LostLease(EngineError):
    """Another worker holds this deployment now: whoever meets this stops at once and touches nothing."""
