"""Every closed list of words in the domain, with its label, tone and meaning declared beside it.

Pages, the API and the audit read the label, tone and meaning from here, so that a state looks and reads the same
everywhere.
"""

from typing import Any

from django.db import models

from replication.deployment_states import (
    DEPLOYMENT_FACES,
    INCIDENT_FACES,
    LIVE_DEPLOYMENT_STATES,
    RETRYABLE_DEPLOYMENT_STATES,
    TERMINAL_DEPLOYMENT_STATES,
    DeploymentState,
    IncidentKind,
    WatchdogPart,
)
from replication.faces import Face, Tone
from replication.notice_choices import DeliveryState, NoticeTopic
from replication.policy_choices import Demanded

__all__ = [
    "CHANGE_REQUEST_FACES",
    "CHECK_RUN_FACES",
    "DEPLOYMENT_FACES",
    "INCIDENT_FACES",
    "LIVE_CHECK_RUN_STATES",
    "LIVE_DEPLOYMENT_STATES",
    "LIVE_REHEARSAL_STATES",
    "OPEN_STATES",
    "REHEARSAL_FACES",
    "RETRYABLE_DEPLOYMENT_STATES",
    "TERMINAL_DEPLOYMENT_STATES",
    "AuditKind",
    "ChangeRequestState",
    "CheckRunState",
    "Delivery",
    "DeliveryState",
    "Demanded",
    "DeploymentState",
    "Face",
    "GlobalRoleName",
    "IncidentKind",
    "JournalKind",
    "NoticeTopic",
    "OutboxKind",
    "OutboxState",
    "RehearsalState",
    "SourceEngine",
    "TeamRole",
    "Tone",
    "Verdict",
    "VersionState",
    "WatchdogPart",
]


class TeamRole(models.TextChoices):
    """What somebody may do in one team; whoever has no role anywhere is a viewer."""

    MEMBER = "member", "member"
    REVIEWER = "reviewer", "reviewer"


class GlobalRoleName(models.TextChoices):
    """Roles that hold for the whole company."""

    PLATFORM = "platform", "platform engineer"
    AUDITOR = "auditor", "auditor"


class SourceEngine(models.TextChoices):
    """The databases that can be replicated from."""

    MYSQL = "mysql", "MySQL"
    MARIADB = "mariadb", "MariaDB"
    POSTGRESQL = "postgres", "PostgreSQL"


class Delivery(models.TextChoices):
    """Which of the two lake endpoints a task writes through: how often files appear."""

    ONE_MINUTE = "1min", "every minute"
    TEN_MINUTES = "10min", "every ten minutes"


class VersionState(models.TextChoices):
    """Where a version of a table stands in the ledger."""

    ACTIVE = "active", "active"
    RETIRED = "retired", "retired"


class ChangeRequestState(models.TextChoices):
    """The life of a change request; `transitions.py` holds what leads where."""

    DRAFT = "draft", "draft"
    CHECKING = "checking", "checking"
    IN_REVIEW = "in_review", "in review"
    APPROVED = "approved", "approved"
    MERGED = "merged", "merged"
    DEPLOYING = "deploying", "deploying"
    DEPLOYED = "deployed", "deployed"
    OUT_OF_SYNC = "out_of_sync", "merged, out of sync"
    CLOSED = "closed", "closed"

    @property
    def face(self) -> Face:
        """Symbol, tone and meaning."""
        return CHANGE_REQUEST_FACES[self]


CHANGE_REQUEST_FACES: dict[Any, Face] = {
    ChangeRequestState.DRAFT: Face(Tone.NEUTRAL, "✎", "Being written; nobody is asked to look at it yet."),
    ChangeRequestState.CHECKING: Face(Tone.PROGRESS, "…", "Submitted; its checks and its plan are running."),
    ChangeRequestState.IN_REVIEW: Face(Tone.PROGRESS, "◔", "Its checks have run; it waits for an approval."),
    ChangeRequestState.APPROVED: Face(Tone.GOOD, "✓", "Approved for exactly this plan; it may be merged."),
    ChangeRequestState.MERGED: Face(Tone.PROGRESS, "⇥", "Accepted as a revision; its deployment waits."),
    ChangeRequestState.DEPLOYING: Face(Tone.PROGRESS, "↻", "Its deployment is running."),
    ChangeRequestState.DEPLOYED: Face(Tone.GOOD, "●", "What it asked for runs."),
    ChangeRequestState.OUT_OF_SYNC: Face(
        Tone.BAD, "!", "Accepted, but its deployment did not finish: what runs is not what the revision says."
    ),
    ChangeRequestState.CLOSED: Face(Tone.NEUTRAL, "×", "Given up without being merged."),
}

OPEN_STATES: tuple[str, ...] = (
    ChangeRequestState.DRAFT,
    ChangeRequestState.CHECKING,
    ChangeRequestState.IN_REVIEW,
    ChangeRequestState.APPROVED,
)
"""States in which the proposed document may still change."""


class CheckRunState(models.TextChoices):
    """The life of one run of all checks and the plan."""

    PENDING = "pending", "waiting to run"
    RUNNING = "running", "running"
    DONE = "done", "done"
    COULD_NOT_RUN = "could_not_run", "could not run"
    OVERTAKEN = "overtaken", "overtaken by a newer edit"

    @property
    def face(self) -> Face:
        """Symbol, tone and meaning."""
        return CHECK_RUN_FACES[self]


CHECK_RUN_FACES: dict[Any, Face] = {
    CheckRunState.PENDING: Face(Tone.PROGRESS, "…", "Waits for a worker."),
    CheckRunState.RUNNING: Face(Tone.PROGRESS, "↻", "The checks and the plan are running."),
    CheckRunState.DONE: Face(Tone.NEUTRAL, "•", "Finished; each check says what it found."),
    CheckRunState.COULD_NOT_RUN: Face(Tone.BAD, "!", "Broke off; it can be run again."),
    CheckRunState.OVERTAKEN: Face(
        Tone.NEUTRAL, "×", "The document was edited before it ended; only the newest run counts."
    ),
}

LIVE_CHECK_RUN_STATES: tuple[str, ...] = (CheckRunState.PENDING, CheckRunState.RUNNING)
"""Check runs that somebody still has to finish."""


class RehearsalState(models.TextChoices):
    """The life of one rehearsal of a change in a local AWS."""

    PENDING = "pending", "waiting to begin"
    RUNNING = "running", "running"
    PASSED = "passed", "the procedure works"
    FAILED = "failed", "the procedure failed"
    COULD_NOT_RUN = "could_not_run", "could not be rehearsed"
    OVERTAKEN = "overtaken", "overtaken by a newer edit"

    @property
    def face(self) -> Face:
        """Symbol, tone and meaning."""
        return REHEARSAL_FACES[self]


REHEARSAL_FACES: dict[Any, Face] = {
    RehearsalState.PENDING: Face(Tone.PROGRESS, "…", "Waits for a worker."),
    RehearsalState.RUNNING: Face(Tone.PROGRESS, "↻", "The change is being tried in a copy of what is deployed."),
    RehearsalState.PASSED: Face(Tone.GOOD, "✓", "The plan was carried out in a simulated copy of what is deployed."),
    RehearsalState.FAILED: Face(Tone.BAD, "×", "In a simulated copy of what is deployed, the change went wrong."),
    RehearsalState.COULD_NOT_RUN: Face(
        Tone.WARNING, "!", "There was no copy to try the change in, so nothing is known about the change."
    ),
    RehearsalState.OVERTAKEN: Face(Tone.NEUTRAL, "×", "The document was edited before it ended."),
}

LIVE_REHEARSAL_STATES: tuple[str, ...] = (RehearsalState.PENDING, RehearsalState.RUNNING)
"""Rehearsals that somebody still has to finish."""


class Verdict(models.TextChoices):
    """What a reviewer said."""

    APPROVE = "approve", "approved"
    REQUEST_CHANGES = "request_changes", "asked for changes"
    REFUSE = "refuse", "refused"


class JournalKind(models.TextChoices):
    """What a line of a deployment's journal is: an intent stands before its call, the others tell the story."""

    INTENT = "intent", "intent"
    INFO = "info", "note"
    WARNING = "warning", "warning"
    ERROR = "error", "error"


class OutboxKind(models.TextChoices):
    """What an outbox item carries to the world outside the database."""

    GIT_COMMIT = "git_commit", "commit to the git repository"
    GIT_ANCHOR = "git_anchor", "anchor of the audit in the git repository"


class OutboxState(models.TextChoices):
    """Whether an outbox item has been delivered."""

    PENDING = "pending", "waiting"
    DONE = "done", "delivered"


class AuditKind(models.TextChoices):
    """What an audit event is about: `<object>.<act>`, one for every act of a service."""

    COMPANY_IMPORTED = "company.imported", "company imported"
    ENVIRONMENT_CREATED = "environment.created", "environment created"
    ENVIRONMENT_MOVED = "environment.moved", "order of environments changed"
    TEAM_CREATED = "team.created", "team created"
    TEAM_ADDED = "team.added", "team brought into an environment"
    MEMBERSHIP_GRANTED = "membership.granted", "role granted"
    MEMBERSHIP_REVOKED = "membership.revoked", "role revoked"
    PERSON_CREATED = "person.created", "account opened"
    PERSON_CLOSED = "person.closed", "account closed"
    PERSON_REOPENED = "person.reopened", "account opened again"
    POLICY_CHANGED = "policy.changed", "review policy changed"
    CHANGE_CREATED = "change_request.created", "change request created"
    CHANGE_EDITED = "change_request.edited", "change request edited"
    CHANGE_SUBMITTED = "change_request.submitted", "change request submitted"
    CHANGE_RETURNED = "change_request.returned", "change request returned to its author"
    CHANGE_CLOSED = "change_request.closed", "change request closed"
    CHANGE_REBASED = "change_request.rebased", "change request rebased"
    LOADS_GIVEN_UP = "change_request.loads_given_up", "runaway loads given up"
    CHANGE_EMERGENCY = "change_request.emergency", "merged by the emergency path"
    CHANGES_SHIPPED = "change_request.shipped_together", "changes shipped together"
    CHANGE_MERGED = "change_request.merged", "change request merged"
    COMMENTED = "change_request.commented", "comment"
    VERSION_SUPERSEDED = "version.superseded", "newer version caught up"
    CHECKS_REQUESTED = "checks.requested", "checks requested"
    CHECKS_FINISHED = "checks.finished", "checks finished"
    REHEARSAL_REQUESTED = "rehearsal.requested", "rehearsal requested"
    REHEARSAL_FINISHED = "rehearsal.finished", "rehearsal finished"
    REVIEW_ASKED = "review.asked", "review asked for"
    REVIEW_APPROVED = "review.approved", "approved"
    REVIEW_CHANGES_REQUESTED = "review.changes_requested", "changes requested"
    REVIEW_REFUSED = "review.refused", "refused"
    REVIEW_VOIDED = "review.voided", "approval voided"
    DEPLOYMENT_QUEUED = "deployment.queued", "deployment queued"
    DEPLOYMENT_STARTED = "deployment.started", "deployment started"
    DEPLOYMENT_FINISHED = "deployment.finished", "deployment finished"
    DEPLOYMENT_FAILED = "deployment.failed", "deployment failed"
    DEPLOYMENT_RETRIED = "deployment.retried", "deployment tried again"
    DEPLOYMENT_CANCELLED = "deployment.cancelled", "deployment cancelled"
    ROLLBACK_CONTINUED = "deployment.rollback_continued", "rollback continued"
    DEPLOYMENT_STEP = "deployment.step", "deployment goes on"
    TASK_STATE_CHANGED = "task.state_changed", "task changed its state"
    TASK_FAILED = "task.failed", "task failed"
    TABLE_STATE_CHANGED = "table.state_changed", "table changed its state"
    TABLE_FAILED = "table.failed", "table failed"
    ALARM_WENT_OFF = "alarm.went_off", "alarm went off"
    ALARM_ENDED = "alarm.ended", "alarm is over"
    SIGNED_IN = "session.signed_in", "signed in"
    SIGNED_OUT = "session.signed_out", "signed out"
    SIGN_IN_REFUSED = "session.refused", "sign-in refused"
    INCIDENT_OPENED = "incident.opened", "incident opened"
    INCIDENT_SETTLED = "incident.settled", "incident settled"
    GIT_COMMITTED = "git.committed", "committed to git"
    GIT_REPLAYED = "git.replayed", "commits put on top of the remote's"
    GIT_REPAIRED = "git.repaired", "git made to say what is accepted"
    PROPOSAL_READ = "git.proposal_read", "proposed on a branch"
    PROPOSAL_REFUSED = "git.proposal_refused", "branch not readable as a proposal"
    PROPOSAL_ADOPTED = "git.proposal_adopted", "commits of a branch vouched for"
    PROPOSAL_GONE = "git.proposal_gone", "proposal branch deleted"
    PROPOSAL_MOVED_ON = "git.proposal_moved_on", "branch moved on after its change request was over"
    AUDIT_EXPORTED = "audit.exported", "record exported"
    REFUSED_ATTEMPT = "attempt.refused", "attempt refused"


def audit_kinds() -> list[tuple[str, str]]:
    """The kinds as a column's choices: by a function, so that a new kind needs no migration."""
    return list(AuditKind.choices)
