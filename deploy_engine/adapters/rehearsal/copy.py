"""The copy of what is deployed: its surroundings on disk, and one deployment after the other in it."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from deploy_engine.adapters.aws_session import AwsSession
from deploy_engine.adapters.config_directory import write_directory
from deploy_engine.adapters.connection import connect
from deploy_engine.adapters.rehearsal.faulty import DeadMansJournal, Striking, WorkerDied, impatient
from deploy_engine.adapters.rehearsal.simulated_clock import SimulatedClock
from deploy_engine.adapters.sqlite_journal import SqliteJournal
from deploy_engine.adapters.verdict import judge
from deploy_engine.config import EnvironmentConfig, EnvironmentFile, Subject, TeamConfig, TeamDocument
from deploy_engine.config.repository import environment_path, team_path
from deploy_engine.errors import EngineError
from deploy_engine.execution.executor import Executor, Tick
from deploy_engine.execution.limits import Limits
from deploy_engine.execution.ports import Journal, LogLine
from deploy_engine.execution.rehearsed_faults import RehearsedFault
from deploy_engine.execution.states import State
from deploy_engine.findings import Finding, Status
from deploy_engine.live import LintProblem, TableStatistics, TaskView
from deploy_engine.planning import Plan

LOOK_SECONDS = 2.0
"""Simulated, between two looks at loads."""

Tell = Callable[[str], None]


class NoPlanInCopy(EngineError):
    """A config could not be planned in the copy; ``str(error)`` says why."""


@dataclass(frozen=True)
class Deployed:
    """A deployment that has ended: its plan, how it ended, and its story."""

    plan: Plan
    state: State
    message: str
    lines: tuple[LogLine, ...]


def write_surroundings(directory: Path, environment: EnvironmentConfig, teams: tuple[TeamConfig, ...]) -> None:
    """What the local AWS reads to know which network, buckets, roles and secrets there are before Sluice comes.

    It collects the secrets of every team that it finds, so the team as it is and as it shall be stand there as two.
    """
    files: dict[str, str | None] = {environment_path(environment.name): environment.file.model_dump_json(by_alias=True)}
    for number, team in enumerate(teams):
        sources = {name: source.model_dump(mode="json") for name, source in team.document.team.sources.items()}
        files[team_path(environment.name, f"team{number}")] = json.dumps({"sources": sources})
    write_directory(directory, files)


def everything_running(team: TeamConfig) -> TeamConfig:
    """The team with no task paused; the same where none is."""
    tasks = {name: task.model_copy(update={"paused": False}) for name, task in team.document.tasks.items()}
    return replace(team, document=TeamDocument(team=team.document.team, tasks=tasks))


class Copy:
    """Deploys into the local AWS behind ``clock``, by the same planner and state machine as into AWS itself."""

    def __init__(
        self, environment: EnvironmentFile, clock: SimulatedClock, journal: SqliteJournal, limits: Limits
    ) -> None:
        endpoint = clock.process.endpoint_url
        self.session = AwsSession(environment, "none", endpoint)
        self._planner = connect(environment, role="planner", endpoint=endpoint)
        self._deployer = connect(environment, role="deployer", endpoint=endpoint)
        self._clock = clock
        self._journal = journal
        self._limits = limits

    def close(self) -> None:
        for opened in (self.session, self._planner, self._deployer):
            opened.close()

    def deploy(self, subject: Subject, fault: RehearsedFault | None = None) -> Deployed:
        """Plan and deploy, to the end; raises :class:`NoPlanInCopy`, and ``RehearsalGivenUp`` at the deadline.

        With a ``fault`` the end is that of a deployment which met it; a step that the plan does not have meets none.
        """
        plan = self._planned(subject)
        if not isinstance(plan, Plan):
            raise NoPlanInCopy(plan)
        if not plan.steps:
            return Deployed(plan, State.DONE, "", ())
        run = self._journal.create(plan)
        if fault is not None and fault.step < len(plan.steps):
            return self._deploy_with(fault, plan, run, subject)
        executor = Executor(
            self._journal,
            lambda _: self._deployer.hands,
            owner=f"rehearsal-{secrets.token_hex(4)}",
            replan=lambda _: self._planned(subject),
            limits=self._limits,
        )
        ended: Tick = executor.run_to_end(run, self._clock.sleep)
        return Deployed(plan, ended.state, ended.message, self._journal.lines(run))

    def _deploy_with(self, fault: RehearsedFault, plan: Plan, run: str, subject: Subject) -> Deployed:
        """As ``deploy``, but through states that call for a person too: what is wrong there is mended, or passes."""
        striking = Striking(fault, plan, self._clock.process.endpoint_url)
        journal = DeadMansJournal(self._journal, striking)
        executor = self._executor(journal, striking, subject)
        while True:
            try:
                tick = executor.tick(run)
            except WorkerDied:
                executor = self._executor(self._journal, striking, subject)
                continue
            striking.saw(self._journal.load(run))
            if tick.next_in_seconds is None:
                return Deployed(plan, tick.state, tick.message, self._journal.lines(run))
            self._clock.sleep(tick.next_in_seconds)

    def _executor(self, journal: Journal, striking: Striking, subject: Subject) -> Executor:
        return Executor(
            journal,
            lambda _: striking.hands(self._deployer.hands),
            owner=f"rehearsal-{secrets.token_hex(4)}",
            replan=lambda _: self._planned(subject),
            limits=impatient(self._limits, striking.fault),
        )

    def settle(self, names: tuple[str, ...]) -> dict[str, tuple[TableStatistics, ...]]:
        """Wait until no running task of ``names`` loads any more; what DMS then counts, by task."""
        while True:
            tasks = self.tasks(names)
            counted = {name: self._planner.reader.table_statistics(task.arn) for name, task in tasks.items()}
            running = (name for name, task in tasks.items() if task.running)
            if not any(table.loading for name in running for table in counted[name]):
                return counted
            self._clock.sleep(LOOK_SECONDS)

    def tasks(self, names: tuple[str, ...]) -> dict[str, TaskView]:
        """Those of the named DMS tasks that exist."""
        return self._planner.reader.tasks(names) if names else {}

    def _planned(self, subject: Subject) -> Plan | str:
        verdict = judge(subject, self._planner, now=self._clock.now(), linter=_no_linter)
        if verdict.plan is not None and not verdict.blocks:
            return verdict.plan
        return "; ".join(
            dict.fromkeys(_words(finding) for finding in (*verdict.refusals, *verdict.findings) if _bad(finding))
        )


def _no_linter(template: str, region: str) -> tuple[LintProblem, ...]:
    """Templates are linted where changes are checked; a procedure does not depend on it."""
    return ()


def _bad(finding: Finding) -> bool:
    return finding.status is Status.FAILED


def _words(finding: Finding) -> str:
    return f"{finding.message} ({finding.check})"
