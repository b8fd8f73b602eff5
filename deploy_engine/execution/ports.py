"""What the state machine needs from outside: a journal, hands in AWS, a clock. Ten-line protocols, nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from deploy_engine.errors import EngineError
from deploy_engine.execution.states import State, Why
from deploy_engine.live import AwsReader
from deploy_engine.planning import Plan


@dataclass(frozen=True)
class Intent:
    """A mutating call that was written down before it was made; its effect is unknown until an outcome is recorded.

    ``operation`` is AWS's name for it, ``target`` what it acts on (task name, stack, change set), ``token`` its
    idempotency token where it has one.
    """

    number: int
    operation: str
    target: str
    token: str
    step: int
    at: datetime
    epoch: int = 0


@dataclass(frozen=True)
class DeploymentRecord:
    """All that is remembered about a deployment; whoever holds the lease continues from here and from AWS alone.

    ``run`` names it in change sets, tokens and tags. ``attempts`` counts tries within the current state.
    ``resumable`` are the DMS tasks that were written down for resuming before the first stop, with the run state they
    must end in. ``pending`` is the intent whose outcome is unknown, ``intents`` how many were ever written down.
    ``cancel_requested`` and ``rollback_requested_at`` are people's wishes: to give up, and to let CloudFormation go on
    with a rollback that failed.
    ``epoch`` goes up whenever a call is found whose outcome nobody wrote down.
    ``memory`` holds small facts by name: of the step where the name begins with ``step.``, else of the current state.
    """

    run: str
    plan: Plan
    state: State
    step: int
    why: Why
    entered_at: datetime
    next_tick_at: datetime
    paused_since: datetime | None = None
    attempts: int = 0
    resumable: tuple[str, ...] = ()
    pending: Intent | None = None
    cancel_requested: bool = False
    rollback_requested_at: datetime | None = None
    message: str = ""
    memory: Mapping[str, str] = field(default_factory=dict)
    intents: int = 0
    epoch: int = 0


@dataclass(frozen=True)
class Lease:
    """The right to act for a deployment until ``expires_at``; ``fence`` goes up with every new holder."""

    run: str
    owner: str
    fence: int
    expires_at: datetime


@dataclass(frozen=True)
class LogLine:
    """One line of a deployment's story, for people: a sentence, with the original of an AWS error folded beneath."""

    at: datetime
    state: State
    step: int
    message: str
    detail: str = ""
    level: str = "info"


class StackBusy(EngineError):
    """Another deployment that is live holds one of the stacks; ``holder`` is its run."""

    def __init__(self, holder: str) -> None:
        self.holder = holder
        super().__init__(f"deployment {holder} goes first, for it holds the same stack")


class Journal(Protocol):
    """Where deployments are remembered. Every write carries the lease's fence; a stale one raises ``LostLease``.

    A deployment that is neither queued nor in a terminal state is *live*: it holds every stack in ``Plan.claims``, and
    the journal itself keeps each stack to one holder. Leases are per stack. What people wish for is written by
    people, so ``record`` never overwrites it.
    """

    def now(self) -> datetime:
        """The journal's own clock (the database's), aware, in UTC: all leases and deadlines are by this one."""

    def load(self, run: str) -> DeploymentRecord:
        """What is remembered."""

    def acquire(self, run: str, owner: str) -> Lease | None:
        """The lease, if it is free, ours already (then renewed), or expired for longer than the grace; else None.

        ``owner`` must differ between any two threads of any two processes.
        """

    def release(self, lease: Lease) -> None:
        """Give the lease back, so that another worker can go on at once."""

    def intend(self, lease: Lease, intent: Intent) -> None:
        """Commit the intent before its call is made."""

    def record(self, lease: Lease, record: DeploymentRecord, lines: tuple[LogLine, ...]) -> None:
        """Commit the outcome of a tick: the new record (a cleared ``pending`` closes its intent) and its story.

        Raises ``StackBusy``, and writes nothing, where the record would be live while another deployment holds one of
        its plan's stacks.
        """


@dataclass(frozen=True)
class ResourceChange:
    """One entry of a change set: logical id, type, Add/Modify/Remove, and True/False/Conditional replacement."""

    logical_id: str
    resource_type: str
    action: str
    replacement: str


@dataclass(frozen=True)
class ChangeSetView:
    """A change set as it is now; ``no_changes`` where CloudFormation says that there is nothing to change."""

    name: str
    status: str
    execution_status: str
    reason: str
    changes: tuple[ResourceChange, ...]

    @property
    def no_changes(self) -> bool:
        quiet = ("didn't contain changes", "No updates are to be performed")
        return self.status == "FAILED" and any(words in self.reason for words in quiet)


class AwsHands(AwsReader, Protocol):
    """Reading and acting, with the deployer's role. Errors as for ``AwsReader``; a mutating call is made once."""

    def change_set(self, stack: str, name: str) -> ChangeSetView | None:
        """The change set, all pages of its changes, or None where it does not exist. DescribeChangeSet."""

    def put_template(self, bucket: str, key: str, body: str) -> None:
        """Put a template where CloudFormation can read it. PutObject into the templates bucket."""

    def create_change_set(self, stack: str, name: str, *, bucket: str, key: str, first: bool, token: str) -> None:
        """CreateChangeSet by template URL; ``first`` creates the stack with it."""

    def delete_change_set(self, stack: str, name: str) -> None:
        """DeleteChangeSet."""

    def execute_change_set(self, stack: str, name: str, token: str) -> None:
        """ExecuteChangeSet."""

    def stop_task(self, arn: str) -> None:
        """StopReplicationTask."""

    def start_task(self, arn: str, *, first: bool) -> None:
        """StartReplicationTask: ``start-replication`` on a first run, ``resume-processing`` ever after."""

    def tag_task(self, arn: str, tags: Mapping[str, str]) -> None:
        """AddTagsToResource."""

    def untag_task(self, arn: str, keys: tuple[str, ...]) -> None:
        """RemoveTagsFromResource."""

    def delete_stack(self, stack: str, token: str) -> None:
        """DeleteStack; only ever for a stack that never succeeded, which holds nothing."""

    def cancel_update(self, stack: str, token: str) -> None:
        """CancelUpdateStack: the update that is under way is rolled back."""

    def continue_rollback(self, stack: str, token: str) -> None:
        """ContinueUpdateRollback; it never skips a resource, which would leave it out of step with its template."""

    def fence(self, tag: str) -> None:
        """From now on act in a session that bears this tag as ``sluice-fence``. No call until the next one."""

    def session_left(self) -> float:
        """Seconds for which the credentials still hold, 0 where that is not known. No call."""

    def failure_reason(self, stack: str, token: str) -> str:
        """Why the operation with this token failed: the first failed resource and its reason. DescribeStackEvents."""

    def table_mappings(self, task: str) -> str:
        """The live TableMappings of a task, "" where there is none. DescribeReplicationTasks with settings."""

    def endpoint_tested(self, task_arn: str) -> bool:
        """Whether no connection test of the task's endpoints is under way. DescribeConnections."""
