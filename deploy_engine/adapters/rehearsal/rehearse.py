"""The procedure of a rehearsal: build the copy, carry the change out in it, say what happened."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from deploy_engine.adapters.rehearsal.copy import Copy, Deployed, NoPlanInCopy, everything_running, write_surroundings
from deploy_engine.adapters.rehearsal.findings import Seen, result_of
from deploy_engine.adapters.rehearsal.local_aws_process import LocalAwsProcess, NoLocalAws, local_aws
from deploy_engine.adapters.rehearsal.looking import load_files, task_events
from deploy_engine.adapters.rehearsal.simulated_clock import (
    LONGEST_SECONDS,
    RehearsalGivenUp,
    SimulatedClock,
    limits_at,
)
from deploy_engine.adapters.sqlite_journal import SqliteJournal
from deploy_engine.config import Company, Subject, TeamConfig
from deploy_engine.config.physical_names import dms_name
from deploy_engine.errors import EngineError
from deploy_engine.execution.rehearsal import RehearsalOutcome, RehearsalResult
from deploy_engine.execution.rehearsed_faults import RehearsedFault
from deploy_engine.execution.states import State

Tell = Callable[[str], None]


class NoCopy(EngineError):
    """What is deployed could not be built again, so the change could not be tried."""


@dataclass(frozen=True)
class Rehearsal:
    """What to rehearse: the config as it is deployed and as it shall be, and the reviewed plan (``Plan.as_json``)."""

    before: Company
    after: Company
    environment: str
    team: str | None
    speed: float
    reviewed_plan: Mapping[str, Any] | None = None
    fault: RehearsedFault | None = None
    """What the change is to meet; None for nothing."""
    longest_seconds: float = LONGEST_SECONDS
    parent: int = field(default_factory=os.getppid)
    """The process that waits for the result."""


def rehearse(rehearsal: Rehearsal, tell: Tell) -> RehearsalResult:
    """Run it; what goes wrong is in the result, in words. ``tell`` hears what is being done, as it is done."""
    nothing = RehearsalResult(RehearsalOutcome.COULD_NOT_RUN, rehearsal.environment, rehearsal.team, rehearsal.speed)
    with tempfile.TemporaryDirectory(prefix="sluice-rehearsal-") as folder:
        place = Path(folder)
        try:
            return _run(rehearsal, place, tell)
        except (NoLocalAws, NoCopy, RehearsalGivenUp) as why:
            return replace(nothing, problems=(str(why),))
        except NoPlanInCopy as refused:
            problem = f"The change was refused in the copy: {refused}"
            return replace(nothing, outcome=RehearsalOutcome.FAILED, problems=(problem,))
        except EngineError as error:
            return replace(nothing, problems=(f"The rehearsal broke off: {error}",))


def _run(rehearsal: Rehearsal, place: Path, tell: Tell) -> RehearsalResult:
    deadline = time.monotonic() + rehearsal.longest_seconds
    surroundings = place / "surroundings"
    surroundings.mkdir()
    environment = rehearsal.after.environments[rehearsal.environment]
    write_surroundings(surroundings, environment, _teams(rehearsal))
    tell("Starting a local AWS")
    with local_aws(surroundings, rehearsal.environment, speed=rehearsal.speed, log=place / "local-aws.log") as process:
        return _in(process, rehearsal, place, deadline, tell)


def _in(process: LocalAwsProcess, rehearsal: Rehearsal, place: Path, deadline: float, tell: Tell) -> RehearsalResult:
    clock = SimulatedClock(process, rehearsal.speed, deadline, rehearsal.parent)
    limits = limits_at(rehearsal.speed)
    environment = rehearsal.after.environments[rehearsal.environment].file
    with (
        SqliteJournal(place / "journal.sqlite", limits=limits, clock=clock.now) as journal,
        closing(Copy(environment, clock, journal, limits)) as copy,
    ):
        _build(copy, rehearsal, tell)
        bucket = environment.lake_bucket
        files, began = load_files(copy.session, bucket), clock.now()
        subject = Subject(rehearsal.after, rehearsal.environment, rehearsal.team)
        tell("Carrying the change out")
        deployed = copy.deploy(subject, rehearsal.fault)
        tell("Waiting for full loads")
        names = _task_names(rehearsal)
        statistics = copy.settle(names)
        ended = clock.now()
        seen = Seen(
            subject=subject,
            began=began,
            ended=ended,
            tasks=copy.tasks(names),
            statistics=statistics,
            events=task_events(copy.session, clock, began),
            files_before=files,
            files_after=load_files(copy.session, bucket),
            fault=rehearsal.fault,
        )
        return result_of(deployed, seen, rehearsal.speed, rehearsal.reviewed_plan)


def _build(copy: Copy, rehearsal: Rehearsal, tell: Tell) -> None:
    """Deploy what is deployed. A paused task has run before it was paused, so it runs once here too."""
    tell("Building the base stack as it is deployed")
    _must_be_done(copy, Subject(rehearsal.before, rehearsal.environment, None))
    team = _before(rehearsal)
    if team is None:
        return
    tell("Building the team's stack as it is deployed")
    running = everything_running(team)
    if running != team:
        environment = rehearsal.before.environments[rehearsal.environment].with_team(running)
        company = rehearsal.before.with_environment(environment)
        _must_be_done(copy, Subject(company, rehearsal.environment, team.slug))
        copy.settle(_task_names(rehearsal))
    _must_be_done(copy, Subject(rehearsal.before, rehearsal.environment, team.slug))
    copy.settle(_task_names(rehearsal))


def _must_be_done(copy: Copy, subject: Subject) -> None:
    try:
        deployed: Deployed = copy.deploy(subject)
    except NoPlanInCopy as refused:
        raise NoCopy(f"What is deployed could not be built in the copy: {refused}") from refused
    if deployed.state is not State.DONE:
        raise NoCopy(f"What is deployed could not be built in the copy: {deployed.message}")


def _before(rehearsal: Rehearsal) -> TeamConfig | None:
    """The team as it is deployed; None for the base, and for a team that is not deployed yet."""
    return rehearsal.before.environments[rehearsal.environment].teams.get(rehearsal.team or "")


def _teams(rehearsal: Rehearsal) -> tuple[TeamConfig, ...]:
    after = rehearsal.after.environments[rehearsal.environment].teams.get(rehearsal.team or "")
    return tuple(team for team in (_before(rehearsal), after) if team is not None)


def _task_names(rehearsal: Rehearsal) -> tuple[str, ...]:
    """The DMS names of all tasks that the team has before or after; DMS is asked which of them exist."""
    names = {dms_name(team.slug, task) for team in _teams(rehearsal) for task in team.document.tasks}
    return tuple(sorted(names))
