"""Changes of a small team, carried out by the real adapters in a local AWS that begins each time as it was before."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from deploy_engine.adapters.aws_credentials import Metadata
from deploy_engine.adapters.aws_hands import Boto3Hands
from deploy_engine.adapters.aws_reader import Boto3Reader
from deploy_engine.adapters.connection import Connection
from deploy_engine.adapters.observer import stack_of
from deploy_engine.adapters.verdict import judge
from deploy_engine.config import Company, EnvironmentConfig, Subject
from deploy_engine.errors import AwsUnreachable
from deploy_engine.execution import State
from deploy_engine.findings import Status
from deploy_engine.local_aws import company, snapshot
from deploy_engine.local_aws.clock import ManualClock
from deploy_engine.local_aws.testing import LocalAws
from deploy_engine.local_aws.timings import Timings
from deploy_engine.planning import Plan
from tests.engine.adapters.carried_out.in_process import InProcessSession, Strikes
from tests.engine.adapters.deployed import deploy_stack
from tests.engine.planning.building import ENVIRONMENT, subject, task

OLD, NEW = "barcodes@v202011191200", "barcodes@v202603011200"
BRANDS = "brands@v202008040000"
BEGIN = datetime(2026, 3, 2, 9, 0, tzinfo=UTC).timestamp()
MEMORY = Path("/dev/shm")  # noqa: S108 - nothing in it is shared or kept
TIMINGS = Timings(task_start=20, task_stop=15, stack_begin=1, stack_poll=5, change_set_create=4, table_begin=10)


@dataclass(frozen=True)
class Change:
    """From one config to another; None: the team has no stack before."""

    name: str
    before: Subject | None
    wanted: Subject
    ends: State = State.DONE

    @property
    def after(self) -> dict[str, bool]:
        """Which tasks exist at the end, by DMS name, and whether they run."""
        return {f"food-{name}": not spec.paused for name, spec in self.wanted.team.document.tasks.items()}


_BEFORE = subject(search=task(OLD, BRANDS), orders=task("lines@v202001010000"))
CHANGES = (
    Change(
        "add a table", _BEFORE, subject(search=task(OLD, BRANDS, "a@v202603011200"), orders=task("lines@v202001010000"))
    ),
    Change(
        "several tasks and a new one",
        _BEFORE,
        subject(
            search=task(OLD, BRANDS, "a@v202603011200"),
            orders=task("lines@v202001010000", "notes@v202603011200"),
            new=task("d@v202603011200"),
        ),
    ),
    Change(
        "a new task",
        _BEFORE,
        subject(search=task(OLD, BRANDS), orders=task("lines@v202001010000"), new=task("d@v202603011200")),
    ),
    Change("remove a task", _BEFORE, subject(search=task(OLD, BRANDS))),
    Change("pause a task", _BEFORE, subject(search=task(OLD, BRANDS), orders=task("lines@v202001010000", paused=True))),
    Change("the first deployment", None, subject(search=task(OLD))),
    Change("reload one of two tables", _BEFORE, subject(search=task(NEW, BRANDS), orders=task("lines@v202001010000"))),
    Change("reload the only table", subject(search=task(OLD)), subject(search=task(NEW))),
)


@dataclass(frozen=True)
class Moment:
    """What AWS was at a moment (in ``place``, ``at`` this time of its clock), and what is remembered beside it.

    That is the process's credentials, and of the local AWS what it had read of roles' policies.
    """

    place: Path
    at: float
    credentials: tuple[Metadata | None, ...]
    statements: Mapping[str, list[dict[str, Any]]]


class Worlds:
    """One local AWS, brought back to where a change begins as often as it is asked for."""

    def __init__(self, aws: LocalAws, folder: Path, *, over_http: bool = False) -> None:
        self.aws = aws
        self.strikes = Strikes()
        self._folder = folder
        gateway, address = aws.gateway, aws.endpoint_url if over_http else ""
        self.deployer_session = InProcessSession(ENVIRONMENT, "deployer", gateway, lambda: self.strikes, address)
        self.planner_session = InProcessSession(ENVIRONMENT, "planner", gateway, lambda: self.strikes, address)
        self.hands = Boto3Hands(self.deployer_session)
        self.reader = Boto3Reader(self.planner_session)
        self._planner = Connection(self.planner_session, "planner")
        self._sessions = (self.deployer_session, self.planner_session)
        self._plans: dict[str, Plan] = {}
        self._begins: dict[str, Moment] = {}
        self._moments = 0

    def begin(self, change: Change) -> None:
        """Where the change begins: what was before is deployed, loaded and runs."""
        self.strikes = Strikes()
        place = self._folder / f"{CHANGES.index(change)}"
        if not place.exists():
            self._build(change)
            self._begins[change.name] = self._saved(place)
        self.back_to(self._begins[change.name])
        self.new_process()

    def moment(self) -> Moment:
        """Now, to come back to."""
        self._moments += 1
        return self._saved(self._folder / f"moment-{self._moments}")

    def _saved(self, place: Path) -> Moment:
        snapshot.save(self.aws.world, place)
        world, credentials = self.aws.world, tuple(session.credentials for session in self._sessions)
        return Moment(place, self.aws.clock.now(), credentials, {**world.statements})

    def back_to(self, moment: Moment) -> None:
        """Let everything in AWS be as it was at that moment, and the process have what it had."""
        self.aws.clear_faults()
        self.aws.world.clock = ManualClock(moment.at)
        assert snapshot.restore(self.aws.world, moment.place) == "the saved state was restored"
        self.aws.world.statements = {**moment.statements}
        for session, credentials in zip(self._sessions, moment.credentials, strict=True):
            session.go_on_with(credentials)

    def forget_calls(self) -> None:
        """Begin to count calls anew."""
        self.aws.forget_calls()
        for session in self._sessions:
            session.calls.clear()

    def _build(self, change: Change) -> None:
        self.aws.world.reset()
        self.new_process()
        secrets = {
            f"sluice/food/{name}": {
                "username": "dms",
                "password": "x",
                "host": "127.0.0.1",
                "port": 5432,
                "synthetic": True,
            }
            for name in ("fooddb", "archive")
        }
        roles = ENVIRONMENT.roles
        with self.aws.world.lock:
            company.prepare(
                self.aws.world,
                company.Company(
                    ENVIRONMENT.account,
                    ENVIRONMENT.region,
                    (ENVIRONMENT.lake_bucket, ENVIRONMENT.templates_bucket),
                    ENVIRONMENT.network.vpc,
                    tuple(ENVIRONMENT.network.subnets),
                    (roles.planner, roles.deployer, roles.cloudformation),
                    secrets,
                ),
            )
        empty = Company({"local": EnvironmentConfig("local", ENVIRONMENT, {})})
        deploy_stack(self.aws, self.hands, Subject(empty, "local", None))
        if change.before is not None:
            deploy_stack(self.aws, self.hands, change.before)
            names = [name for name, runs in Change("", None, change.before).after.items() if runs]
            for view in self.hands.tasks(names).values():
                self.hands.start_task(view.arn, first=True)
            self.aws.advance(600)

    def new_process(self) -> None:
        """Nothing is remembered but by AWS and the journal."""
        self.strikes.dead = False
        for session in self._sessions:
            session.forget()

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.aws.clock.now(), UTC)

    def plan(self, wanted: Subject) -> Plan | str:
        """The plan over what AWS shows now, or why there is none: what the portal and the command line plan with."""
        verdict = judge(wanted, self._planner, now=self.now(), linter=lambda _text, _region: ())
        if verdict.could_not_run:
            raise AwsUnreachable(verdict.could_not_run[0].reason)
        if verdict.plan is None or verdict.blocks:
            failed = (finding for finding in (*verdict.findings, *verdict.refusals) if finding.status is Status.FAILED)
            return "; ".join(finding.message for finding in failed)
        return verdict.plan

    def plan_of(self, change: Change) -> Plan:
        """The plan over what a change begins with, made once: each of its runs begins with the same."""
        if change.name not in self._plans:
            plan = self.plan(change.wanted)
            assert isinstance(plan, Plan), plan
            self._plans[change.name] = plan
        return self._plans[change.name]

    def run_states(self, wanted: Subject) -> dict[str, str]:
        """The statuses of the team's tasks, by DMS name, as they are now."""
        with self.aws.world.lock:
            tasks = self.aws.world.region(ENVIRONMENT.region).dms.tasks.values()
            return {task.identifier: task.status for task in tasks}

    def stack_status(self, change: Change) -> str:
        view = self.reader.stack(stack_of(change.wanted), with_template=False)
        return "" if view is None else view.status


@contextmanager
def worlds(*, over_http: bool = False) -> Iterator[Worlds]:
    """Worlds for as long as the context lasts."""
    with quick_folder() as folder, LocalAws.start(ManualClock(BEGIN), TIMINGS, ENVIRONMENT.account) as aws:
        yield Worlds(aws, folder, over_http=over_http)


@contextmanager
def quick_folder() -> Iterator[Path]:
    """A folder in memory, where this machine has one: deaths are played here, so that no write has to reach a disk."""
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
        yield Path(folder)
