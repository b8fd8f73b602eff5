"""Refusals of the domain: each has a code, one sentence for people, and an HTTP status.

A refusal is not a bug: somebody asked for something that may not or cannot be done now. One middleware of the portal
renders them; views build no error responses. Services raise them before their first write.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from deploy_engine.findings import Finding


class Refused(Exception):
    """The base of all refusals; `sentence` is what people read, `data` what programs may use."""

    code: ClassVar[str] = "refused"
    status: ClassVar[HTTPStatus] = HTTPStatus.CONFLICT

    def __init__(self, sentence: str, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.data: dict[str, Any] = dict(data or {})


class NotAllowed(Refused):
    """The actor's roles do not allow the act. The attempt is written to the audit, once (`is_written`)."""

    code = "not-allowed"
    status = HTTPStatus.FORBIDDEN
    is_written = False


class CannotApproveOwnChange(NotAllowed):
    """Four eyes: whoever wrote any part of a change cannot approve it."""

    code = "cannot-approve-own-change"


class LastPlatformEngineer(Refused):
    """Somebody has to be left who can manage the portal."""

    code = "last-platform-engineer"


class NotFound(Refused):
    """What was named does not exist."""

    code = "not-found"
    status = HTTPStatus.NOT_FOUND


class InvalidInput(Refused):
    """What was given does not fit; every finding names the field or the line, what was found and what is allowed."""

    code = "invalid-input"
    status = HTTPStatus.UNPROCESSABLE_ENTITY

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings: tuple[Finding, ...] = tuple(findings)
        first = self.findings[0].message if self.findings else "What was given does not fit."
        more = len(self.findings) - 1
        sentence = first if more < 1 else f"{first} (and {more} more)"
        super().__init__(sentence, {"findings": [finding.as_json() for finding in self.findings]})


class WrongState(Refused):
    """The object is in a state in which the act has no meaning."""

    code = "wrong-state"


class NothingToSubmit(Refused):
    """The proposed document equals the accepted one."""

    code = "nothing-to-submit"


class ReasonRequired(Refused):
    """The act takes a reason, and none was given."""

    code = "reason-required"
    status = HTTPStatus.UNPROCESSABLE_ENTITY


class AuthorUnknown(Refused):
    """Commits of a branch name somebody whom the portal does not know, and nobody vouched for them yet."""

    code = "author-unknown"


class ChecksNotGreen(Refused):
    """The latest checks of exactly this document are missing, still running, or block."""

    code = "checks-not-green"


class StalePlan(Refused):
    """The plan is not the one that was looked at: the fingerprint differs."""

    code = "stale-plan"


class ProofMissing(Refused):
    """The review policy demands a rehearsal, or a trial in another environment, that is not there."""

    code = "proof-missing"


class FrozenNow(Refused):
    """The review policy has a freeze window now."""

    code = "frozen"


class ApprovalMissing(Refused):
    """The policy asks for an approval that is not there."""

    code = "approval-missing"


class Behind(Refused):
    """The accepted revision moved on, and the same entry was changed in both."""

    code = "behind"


@dataclass(frozen=True)
class EditMeanwhile:
    """An edit of one thing (`place`, in words) since somebody else looked at it; `sentence` lacks its subject."""

    place: str
    editor_name: str
    at: datetime
    sentence: str


TOLD_AT_MOST = 5
"""So many edits are told one by one."""


class EditedMeanwhile(Refused):
    """What would be edited was edited by somebody since it was looked at; looked at again, it can be edited on top."""

    code = "edited-meanwhile"

    def __init__(self, changes: Sequence[EditMeanwhile]) -> None:
        self.changes: tuple[EditMeanwhile, ...] = tuple(changes)
        told = "; ".join(
            f"{each.editor_name} changed {each.place} at {each.at:%H:%M:%S} UTC: {each.sentence}"
            for each in self.changes[:TOLD_AT_MOST]
        )
        more = len(self.changes) - TOLD_AT_MOST
        told = f"{told}; and {more} more" if more > 0 else told
        data = [{"place": each.place, "who": each.editor_name, "at": each.at.isoformat()} for each in self.changes]
        super().__init__(f"{told}. Look at it again, then put yours on top.", {"changes": data})


class NotEmpty(Refused):
    """An import needs an empty portal, and this one is not."""

    code = "not-empty"
