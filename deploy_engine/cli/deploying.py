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
from deploy_engine.execution.limits import Limits
from deploy_engine.execution.resuming import ROLLBACK_FAILED
from deploy_engine.execution.states import NEEDS_A_PERSON as STATES_FOR_A_PERSON
from deploy_engine.execution.states import State
from deploy_engine.findings import Status
from deploy_engine.planning import Plan

_LEVELS = {"info": Style.PLAIN, "warning": Style.WARN, "error": Style.BAD}


class Deployer:
    """Deploys scopes of one environment, over one connection for looking and one for acting. A context manager."""

    def __init__(
        self,
        environment: EnvironmentFile,
        journal: SqliteJournal,
        around: Surroundings,
        *,
        fenced: bool = False,
        continue_rollback: bool = False,
    ) -> None:
        self._journal = journal
        self._around = around
        self._limits = Limits(fenced=fenced)
        self._continue_rollback = continue_rollback
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
            self._urged(begun)
            state = self._carried_out(subject, begun)
            if state in STATES_FOR_A_PERSON:
                return NEEDS_A_PERSON
            if state is State.FAILED_SAFE:
                return FINDINGS
        elif self._continue_rollback:
            self._around.output.line("No deployment was begun from here: there is no rollback to go on with.")
        return self._afresh(subject)

    def _urged(self, run: str) -> None:
        """Whoever runs the command again wants it tried now, and may ask for the rollback to go on."""
        record = self._journal.load(run)
        if record.state in STATES_FOR_A_PERSON:
            self._journal.hurry(run)
        if not self._continue_rollback:
            return
        stack = self._deployer.hands.stack(record.plan.stack, with_template=False)
        if stack is not None and stack.status == ROLLBACK_FAILED:
            self._journal.request_rollback(run)
        else:
            found = "does not exist" if stack is None else f"is {stack.status}"
            self._around.output.line(f"{record.plan.stack} {found}: there is no rollback to go on with.")

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
            limits=self._limits,
        )
        told = len(self._journal.lines(run))

        def tell(_: Tick) -> None:
            nonlocal told
            for line in self._journal.lines(run, told):
                told += 1
                self._around.output.line(f"  {line.at:%H:%M:%S}  {line.message}", _LEVELS.get(line.level, Style.PLAIN))
                if line.detail:
                    self._around.output.line(f"            {line.detail}", Style.QUIET)

        ended = executor.run_to_end(run, self._around.sleep, tell)
        if ended.state in STATES_FOR_A_PERSON:
            self._call_a_person(ended)
        return ended.state

    def _call_a_person(self, ended: Tick) -> None:
        """What it came to, and what whoever is called can do."""
        output = self._around.output
        output.line(f"  {ended.message}", Style.BAD)
        if ended.state is State.HALF:
            output.line("  The tasks run. Run the same command again to try the next step once more; there is no way")
            output.line("  back, for it would load into folders that hold data.")
        elif ROLLBACK_FAILED in ended.message:
            output.line("  Mend what stands in CloudFormation's way; then run it again with --continue-rollback.")
        else:
            output.line("  Mend what it names, then run the same command again: it looks again and goes on by itself.")

    def _planned_again(self, subject: Subject, _: Plan) -> Plan | str:
        """The plan over what AWS shows now, or why there is none; no answer is no refusal, but asked again later."""
        verdict = judge(subject, self._planner, now=self._around.now())
        if exit_code(verdict) == UNREACHABLE:
            raise AwsUnreachable(verdict.could_not_run[0].reason)
        if verdict.plan is None or verdict.blocks:
            failed = [f.message for f in (*verdict.findings, *verdict.refusals) if f.status is Status.FAILED]
            return "; ".join(dict.fromkeys(failed))
        return verdict.plan
