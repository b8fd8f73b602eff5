"""The mutating calls of a deployment as values: decided first, written down second, made third.

``operation`` is AWS's name for the call and ``target`` what it acts on: together with the token that is the intent in
the journal. ``sentence`` tells people what is being done.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, assert_never

from deploy_engine.execution.ports import AwsHands


@dataclass(frozen=True)
class PutTemplate:
    bucket: str
    key: str
    body: str
    operation: ClassVar[str] = "PutObject"
    token: ClassVar[str] = ""

    @property
    def target(self) -> str:
        return f"{self.bucket}/{self.key}"

    @property
    def sentence(self) -> str:
        return f"Putting the template where CloudFormation reads it ({len(self.body.encode())} bytes)"


@dataclass(frozen=True)
class CreateChangeSet:
    stack: str
    name: str
    bucket: str
    key: str
    first: bool
    token: str
    operation: ClassVar[str] = "CreateChangeSet"

    @property
    def target(self) -> str:
        return self.name

    @property
    def sentence(self) -> str:
        return f"Asking CloudFormation what {'creating' if self.first else 'updating'} {self.stack} would do"


@dataclass(frozen=True)
class DeleteChangeSet:
    stack: str
    name: str
    operation: ClassVar[str] = "DeleteChangeSet"
    token: ClassVar[str] = ""

    @property
    def target(self) -> str:
        return self.name

    @property
    def sentence(self) -> str:
        return f"Clearing away the change set {self.name}"


@dataclass(frozen=True)
class ExecuteChangeSet:
    stack: str
    name: str
    token: str
    first: bool
    operation: ClassVar[str] = "ExecuteChangeSet"

    @property
    def target(self) -> str:
        return self.name

    @property
    def sentence(self) -> str:
        return f"{'Creating' if self.first else 'Updating'} the stack {self.stack}"


@dataclass(frozen=True)
class DeleteStack:
    """Only of a stack that never succeeded: it holds nothing, and CloudFormation accepts nothing else for it."""

    stack: str
    token: str
    operation: ClassVar[str] = "DeleteStack"

    @property
    def target(self) -> str:
        return self.stack

    @property
    def sentence(self) -> str:
        return f"Deleting what is left of {self.stack}, which was never created successfully"


@dataclass(frozen=True)
class CancelUpdate:
    stack: str
    token: str
    operation: ClassVar[str] = "CancelUpdateStack"

    @property
    def target(self) -> str:
        return self.stack

    @property
    def sentence(self) -> str:
        return f"Asking CloudFormation to cancel the update of {self.stack} and roll it back"


@dataclass(frozen=True)
class ContinueRollback:
    """Never with resources to skip: what is skipped is out of step with its template ever after."""

    stack: str
    token: str
    operation: ClassVar[str] = "ContinueUpdateRollback"

    @property
    def target(self) -> str:
        return self.stack

    @property
    def sentence(self) -> str:
        return f"Asking CloudFormation to go on with the rollback of {self.stack}"


@dataclass(frozen=True)
class StopTask:
    task: str
    arn: str
    operation: ClassVar[str] = "StopReplicationTask"
    token: ClassVar[str] = ""

    @property
    def target(self) -> str:
        return self.task

    @property
    def sentence(self) -> str:
        return f"Stopping {self.task}"


@dataclass(frozen=True)
class StartTask:
    """``first``: ``start-replication``; else ``resume-processing``. There is no third way to start a task."""

    task: str
    arn: str
    first: bool
    operation: ClassVar[str] = "StartReplicationTask"
    token: ClassVar[str] = ""

    @property
    def target(self) -> str:
        return self.task

    @property
    def sentence(self) -> str:
        return f"Starting {self.task} for the first time" if self.first else f"Resuming {self.task}"


@dataclass(frozen=True)
class TagTask:
    task: str
    arn: str
    tags: Mapping[str, str]
    operation: ClassVar[str] = "AddTagsToResource"
    token: ClassVar[str] = ""

    @property
    def target(self) -> str:
        return self.task

    @property
    def sentence(self) -> str:
        if "sluice-run" in self.tags:
            return f"Noting this deployment on {self.task} itself"
        if set(self.tags) == {"sluice-fence"}:
            return f"Fencing {self.task} off against a call that may come too late"
        return f"Noting on {self.task} itself that it is meant to stand still"


@dataclass(frozen=True)
class UntagTask:
    task: str
    arn: str
    keys: tuple[str, ...]
    operation: ClassVar[str] = "RemoveTagsFromResource"
    token: ClassVar[str] = ""

    @property
    def target(self) -> str:
        return self.task

    @property
    def sentence(self) -> str:
        return f"Clearing this deployment's note from {self.task}"


Call = (
    PutTemplate
    | CreateChangeSet
    | DeleteChangeSet
    | ExecuteChangeSet
    | DeleteStack
    | CancelUpdate
    | ContinueRollback
    | StopTask
    | StartTask
    | TagTask
    | UntagTask
)


def perform(hands: AwsHands, call: Call) -> None:
    """Make the call, once; raises what ``AwsHands`` raises."""
    match call:
        case PutTemplate():
            hands.put_template(call.bucket, call.key, call.body)
        case CreateChangeSet():
            hands.create_change_set(
                call.stack, call.name, bucket=call.bucket, key=call.key, first=call.first, token=call.token
            )
        case DeleteChangeSet():
            hands.delete_change_set(call.stack, call.name)
        case ExecuteChangeSet():
            hands.execute_change_set(call.stack, call.name, call.token)
        case DeleteStack():
            hands.delete_stack(call.stack, call.token)
        case CancelUpdate():
            hands.cancel_update(call.stack, call.token)
        case ContinueRollback():
            hands.continue_rollback(call.stack, call.token)
        case StopTask():
            hands.stop_task(call.arn)
        case StartTask():
            hands.start_task(call.arn, first=call.first)
        case TagTask():
            hands.tag_task(call.arn, call.tags)
        case UntagTask():
            hands.untag_task(call.arn, call.keys)
        case _:
            assert_never(call)
