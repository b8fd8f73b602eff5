"""The engine's adapters, as the services use them: the verdict on a subject, a tick of a deployment, a look at AWS.

They are imported when they are first used: boto3 and cfn-lint take a second to load, and no page needs them.
"""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from deploy_engine.config import EnvironmentFile, Subject
from deploy_engine.errors import AwsUnreachable
from deploy_engine.findings import Finding
from deploy_engine.planning import Plan
from replication.configuration import deployment_pace, is_fenced
from replication.database_clock import database_now
from replication.deployments import DjangoJournal
from replication.documents import environment_file_of
from replication.models import Deployment
from replication.selectors.pause_budget import pause_budget
from replication.selectors.scopes import subject_of_revision

if TYPE_CHECKING:
    from collections.abc import Callable

    from deploy_engine.adapters.verdict import Verdict
    from deploy_engine.execution.ports import AwsHands
    from deploy_engine.live import AwsReader, FolderReader, QuotaReader, SourceAsked, SourceCatalogue, TaskLister

    Judge = Callable[[Subject], Verdict]

_SMALL_TEMPLATE = '{"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}}'


def judge_with_aws(subject: Subject) -> Verdict:
    """All checks and the plan. AWS that cannot be reached gives checks that could not run, never an exception."""
    from deploy_engine.adapters.connection import connect  # noqa: PLC0415 - see the module's docstring
    from deploy_engine.adapters.verdict import judge  # noqa: PLC0415 - as above

    with connect(subject.environment.file, role="planner") as connection:
        return judge(subject, connection, now=database_now())


def engine_warm_up() -> None:
    """Load what the first verdict would wait for: cfn-lint with its rules, which takes seconds."""
    from deploy_engine.adapters.cfn_lint import cfn_lint  # noqa: PLC0415 - see the module's docstring

    cfn_lint(_SMALL_TEMPLATE, "eu-central-1")


def planned_again(deployment: Deployment, judge: Judge = judge_with_aws) -> Plan | str:
    """The plan over what AWS shows now, or why there is none.

    Raises ``AwsUnreachable`` where a check had no answer: that is no refusal, and is asked again later.
    """
    verdict = judge(subject_of_revision(deployment.revision))
    if verdict.blocks and verdict.could_not_run:
        raise AwsUnreachable(verdict.could_not_run[0].reason)
    if verdict.blocks or verdict.plan is None:
        return next((finding.message for finding in (*verdict.refusals, *failures(verdict))), "a check blocks it")
    return verdict.plan


def executor_tick(deployment: Deployment) -> float | None:
    """One tick of the engine's state machine; gives the seconds until the next, or None at the end."""
    from deploy_engine.adapters.connection import connect  # noqa: PLC0415 - see the module's docstring
    from deploy_engine.execution import Executor, Limits  # noqa: PLC0415 - as above

    file = environment_file_of(deployment.environment)
    budget = pause_budget(deployment.environment, deployment.team)

    with ExitStack() as opened:

        def hands_for(_: Plan) -> AwsHands:
            return opened.enter_context(connect(file, role="deployer")).hands

        fenced = is_fenced(deployment.environment.name)
        limits = replace(Limits(), pause_budget=budget.seconds, fenced=fenced)
        executor = Executor(
            DjangoJournal(),
            hands_for,
            owner=f"{socket.gethostname()}:{os.getpid()}:{threading.get_ident()}",
            replan=lambda _: planned_again(deployment),
            limits=limits.faster(deployment_pace()),
        )
        return executor.tick(deployment.run).next_in_seconds


def failures(verdict: Verdict) -> list[Finding]:
    """What the checks that block have to say."""
    return [finding for result in verdict.results if result.blocks for finding in result.findings]


@contextmanager
def aws_reader(environment: EnvironmentFile) -> Iterator[AwsReader]:
    """A look at AWS with the planner's role, for as long as the context lasts."""
    from deploy_engine.adapters.connection import connect  # noqa: PLC0415 - see the module's docstring

    with connect(environment, role="planner") as connection:
        yield connection.reader


@contextmanager
def aws_quotas(environment: EnvironmentFile) -> Iterator[QuotaReader]:
    """A look at the account's quotas with the planner's role, for as long as the context lasts."""
    from deploy_engine.adapters.connection import connect  # noqa: PLC0415 - see the module's docstring

    with connect(environment, role="planner") as connection:
        yield connection.quotas


@contextmanager
def aws_folders(environment: EnvironmentFile) -> Iterator[FolderReader]:
    """A look into the lake with the planner's role, for as long as the context lasts."""
    from deploy_engine.adapters.connection import connect  # noqa: PLC0415 - see the module's docstring

    with connect(environment, role="planner") as connection:
        yield connection.folders


@contextmanager
def aws_hands(environment: EnvironmentFile) -> Iterator[AwsHands]:
    """The deployer's role, for as long as the context lasts."""
    from deploy_engine.adapters.connection import connect  # noqa: PLC0415 - see the module's docstring

    with connect(environment, role="deployer") as connection:
        yield connection.hands


@dataclass(frozen=True)
class Janitor:
    """What the watchdog needs to look through a whole account: a list of its tasks, and hands."""

    hands: AwsHands
    lister: TaskLister


@contextmanager
def aws_janitor(environment: EnvironmentFile) -> Iterator[Janitor]:
    """The deployer's role, and a list of every task, for as long as the context lasts."""
    from deploy_engine.adapters.connection import connect  # noqa: PLC0415 - see the module's docstring

    with connect(environment, role="deployer") as connection:
        yield Janitor(connection.hands, connection.lister)


def source_catalogue(environment: EnvironmentFile, asked: SourceAsked) -> SourceCatalogue:
    """All tables of a source, read with its catalogue secret. Raises the engine's errors, in words."""
    from deploy_engine.adapters.connection import connect  # noqa: PLC0415 - see the module's docstring

    with connect(environment, role="planner") as connection:
        return connection.sources.catalogue(asked)
