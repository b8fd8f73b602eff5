"""One scope's deployment from the command line: take up what was begun, else judge, plan and carry out."""

from __future__ import annotations

import os
import secrets
import socket
from contextlib import ExitStack
from types import TracebackType
from typing import Self

from deploy_engine.adapters.connection import connect
from deploy_engine.adapters.observer import stack_of
from deploy_engine.adapters.sqlite_journal import SqliteJournal
from deploy_engine.adapters.verdict import judge
from deploy_engine.cli.exit_codes import FINDINGS, NEEDS_A_PERSON, OK, UNREACHABLE
from deploy_engine.cli.judging import exit_code
from deploy_engine.cli.output import Style
from deploy_engine.cli.plan import show_verdict
from deploy_engine.cli.surroundings import Surroundings
from deploy_engine.config import EnvironmentFile, Subject
from deploy_engine.errors import AwsUnreachable
from deploy_engine.execution.executor import Executor, Tick
from deploy_engine.execution.states import NEEDS_A_PERSON as STATES_FOR_A_PERSON
from deploy_engine.execution.states import State
from deploy_engine.findings import Status
from deploy_engine.planning import Plan

_LEVELS = {"info": Style.PLAIN, "warning": Style.WARN, "error": Style.BAD}


class Deployer:
    """Deploys scopes of one environment, over one connection for looking and one for acting. A context manager."""

    def __init__(self, environment: EnvironmentFile, journal: SqliteJournal, around: Surroundings) -> None:
        self._journal = journal
        self._around = around
        self._owner = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(4)}"
        self._stack = ExitStack()
        self._planner = self._stack.enter_context(connect(environment, role="planner"))
        self._deployer = self._stack.enter_context(connect(environment, role="deployer"))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def deploy(self, subject: Subject) -> int:
        """The scope's exit code: what an earlier command began is ended first, by its own plan."""
        begun = self._journal.unfinished(stack_of(subject))
        if begun is not None:
            self._around.output.line(f"Continuing the deployment {begun}, which was begun before.")
            state = self._carried_out(subject, begun)
            if state in STATES_FOR_A_PERSON:
                return NEEDS_A_PERSON
            if state is State.FAILED_SAFE:
                return FINDINGS
        return self._afresh(subject)

    def _afresh(self, subject: Subject) -> int:
        verdict = judge(subject, self._planner, now=self._around.now())
        show_verdict(self._around.output, verdict)
        if verdict.plan is None or verdict.blocks:
            self._around.output.line("Nothing was deployed.", Style.BAD)
            return FINDINGS
        if not verdict.plan.steps:
            return OK
        if self._held(verdict.plan):
            return FINDINGS
        state = self._carried_out(subject, self._journal.create(verdict.plan))
        if state in STATES_FOR_A_PERSON:
            return NEEDS_A_PERSON
        return OK if state is State.DONE else FINDINGS

    def _held(self, plan: Plan) -> bool:
        """Whether a deployment of another stack, begun before and not over, holds one of the plan's; nobody runs it."""
        for stack in plan.claims:
            holder = self._journal.holder(stack)
            if holder is not None:
                other = self._journal.load(holder).plan
                scope = "--base" if other.team is None else f"--team {other.team}"
                words = f"The deployment {holder} of {other.stack} was begun before and holds {stack}: end it first"
                self._around.output.line(f"{words}, by deploying with {scope}. Nothing was deployed.", Style.BAD)
                return True
        return False

    def _carried_out(self, subject: Subject, run: str) -> State:
        """Tick by tick to the end, telling the story as it grows."""
        executor = Executor(
            self._journal,
            lambda _: self._deployer.hands,
            owner=self._owner,
            replan=lambda plan: self._planned_again(subject, plan),
        )
        told = len(self._journal.lines(run))

        def tell(_: Tick) -> None:
            nonlocal told
            for line in self._journal.lines(run, told):
                told += 1
                self._around.output.line(f"  {line.at:%H:%M:%S}  {line.message}", _LEVELS.get(line.level, Style.PLAIN))
                if line.detail:
                    self._around.output.line(f"            {line.detail}", Style.QUIET)

        return executor.run_to_end(run, self._around.sleep, tell).state

    def _planned_again(self, subject: Subject, _: Plan) -> Plan | str:
        """The plan over what AWS shows now, or why there is none; no answer is no refusal, but asked again later."""
        verdict = judge(subject, self._planner, now=self._around.now())
        if exit_code(verdict) == UNREACHABLE:
            raise AwsUnreachable(verdict.could_not_run[0].reason)
        if verdict.plan is None or verdict.blocks:
            failed = [f.message for f in (*verdict.findings, *verdict.refusals) if f.status is Status.FAILED]
            return "; ".join(dict.fromkeys(failed))
        return verdict.plan
