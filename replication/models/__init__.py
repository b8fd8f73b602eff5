"""The tables of the domain, one file per aggregate."""

from replication.models.audit import AuditChain, AuditEvent
from replication.models.change_request import ChangeRequest, ChangeRequestEdit, Comment, Review
from replication.models.check_run import CheckRun
from replication.models.deployment import Deployment, JournalEntry, StackClaim, StackLease
from replication.models.environment import Environment, EnvironmentStatus
from replication.models.incident import Incident
from replication.models.notice import Delivery, Notice, NoticePreferences
from replication.models.outbox import GitComparison, GitRemoteStatus, OutboxItem
from replication.models.proposal import ProposalBranch, ProposalLook, ProposedScope
from replication.models.rehearsal import Rehearsal
from replication.models.revision import FolderCount, LedgerEntry, Revision
from replication.models.sign_of_life import SignOfLife
from replication.models.source_listing import SourceListing
from replication.models.status import TableStatus, TaskLatency, TaskStatus
from replication.models.superseded import SupersededVersion
from replication.models.tasks import Instance, Source, TableEntry, Task
from replication.models.team import GlobalRole, Membership, Team, TeamSetup

__all__ = [
    "AuditChain",
    "AuditEvent",
    "ChangeRequest",
    "ChangeRequestEdit",
    "CheckRun",
    "Comment",
    "Delivery",
    "Deployment",
    "Environment",
    "EnvironmentStatus",
    "FolderCount",
    "GitComparison",
    "GitRemoteStatus",
    "GlobalRole",
    "Incident",
    "Instance",
    "JournalEntry",
    "LedgerEntry",
    "Membership",
    "Notice",
    "NoticePreferences",
    "OutboxItem",
    "ProposalBranch",
    "ProposalLook",
    "ProposedScope",
    "Rehearsal",
    "Review",
    "Revision",
    "SignOfLife",
    "Source",
    "SourceListing",
    "StackClaim",
    "StackLease",
    "SupersededVersion",
    "TableEntry",
    "TableStatus",
    "Task",
    "TaskLatency",
    "TaskStatus",
    "Team",
    "TeamSetup",
]
