"""A team and its people over the AWS in memory: configs that are edited, approved and deployed, one after the other.

Plans are the planner's own, over what the model shows at that moment; a deployment is refused where a fresh plan is not
the approved one. No check is asked: whatever is approved here, the engine has to hold by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from deploy_engine.checks.case import Case
from deploy_engine.config import Subject
from deploy_engine.diffing import compare_stacks
from deploy_engine.execution import TERMINAL, Executor, Limits, State
from deploy_engine.execution.decision import ERROR
from deploy_engine.execution.invariants import Event, History, acts_of_a_planner, standing
from deploy_engine.execution.states import is_live
from deploy_engine.live import Observation
from deploy_engine.planning import Plan, PlanRefused, make_plan
from deploy_engine.rendering import render
from tests.engine.execution.clock import MovedClock
from tests.engine.execution.fake_aws import FakeAws
from tests.engine.execution.faults import Process, Weather
from tests.engine.execution.memory_journal import MemoryJournal
from tests.engine.execution.plans import STACK
from tests.engine.planning.building import subject, task


@dataclass(frozen=True)
class Tables:
    """One task as people see it: its tables with their versions, and whether it is paused."""

    versions: Mapping[str, str]
    paused: bool = False


Config = Mapping[str, Tables]
BEGIN: Config = {
    "search": Tables({"barcodes": "v202601010000", "brands": "v202601010000"}),
    "orders": Tables({"lines": "v202601010000"}),
}


def subject_of(config: Config) -> Subject:
    tasks = {
        name: task(*(f"{table}@{version}" for table, version in sorted(of.versions.items())), paused=of.paused)
        for name, of in config.items()
    }
    return subject(**tasks)


@dataclass
class Run:
    """A deployment: what was approved, and what happened in AWS while it was carried on."""

    name: str
    plan: Plan
    config: Config
    events: list[Event] = field(default_factory=list)
    written: tuple[tuple[object, ...], tuple[object, ...]] = ((), ())


class Company:
    """One team's stack, its accepted config, a draft, and every deployment so far."""

    def __init__(self) -> None:
        self.clock, self.limits = MovedClock(), Limits()
        self.aws = FakeAws(self.clock)
        self.journal = MemoryJournal(self.clock, self.limits)
        self.accepted = self.draft = self.deployed = BEGIN
        self.approved: Plan | None = None
        self.runs: list[Run] = []
        self._version = 202603020900
        self.aws.deployed(STACK, render(subject_of(BEGIN)).text)
        self._loaded_before = frozenset(self.aws.data)

    # What people do.

    def new_version(self) -> str:
        self._version += 1
        return f"v{self._version}"

    def edit(self, name: str, tables: Tables | None) -> None:
        """The draft gets another task, or loses it; what was approved of it falls."""
        rest = {other: of for other, of in self.draft.items() if other != name}
        self.draft = rest if tables is None else {**rest, name: tables}
        self.approved = None

    def approve(self) -> None:
        plan = self.plan(self.draft)
        self.approved = plan if isinstance(plan, Plan) and plan.steps else None

    def deploy(self) -> None:
        """What is approved is merged, and gets its deployment."""
        if self.approved is not None:
            self.runs.append(Run(self.journal.create(self.approved), self.approved, self.draft))
            self.accepted, self.approved = self.draft, None

    def plan(self, config: Config) -> Plan | str:
        """The plan over what AWS shows now, or why there is none; making it changes nothing (I12)."""
        wanted, seen = subject_of(config), len(self.aws.events)
        rendered, stack = render(wanted), self.aws.stack(STACK, with_template=True)
        difference = compare_stacks(None if stack is None else stack.template, rendered.template)
        tasks = self.aws.tasks(difference.tasks)
        statistics = {name: self.aws.table_statistics(view.arn) for name, view in tasks.items()}
        observation = Observation(self.clock.now(), stack, None, tasks, statistics)
        outcome = make_plan(Case(wanted, rendered, difference, observation, self.clock.now()))
        assert acts_of_a_planner(event.kind for event in self.aws.events[seen:]) == ()
        return outcome.findings[0].message if isinstance(outcome, PlanRefused) else outcome

    # What workers do.

    def state(self, run: Run) -> State:
        return self.journal.load(run.name).state

    @property
    def unfinished(self) -> list[Run]:
        return [run for run in self.runs if self.state(run) not in TERMINAL]

    def tick(self, run: Run, owner: str, weather: Weather | None = None) -> float | None:
        """One tick of one worker; the seconds to the next, None once the deployment is over."""
        weather = weather or Weather()
        weather.events, seen = self.aws.events, len(self.aws.events)
        process = Process(weather, self.aws, self.journal)
        executor = Executor(
            process.journal,
            lambda _plan: process.hands,
            owner=owner,
            replan=lambda _plan: self.plan(run.config),
            limits=self.limits,
            jitter=lambda: 1.0,
        )
        try:
            return executor.tick(run.name).next_in_seconds
        finally:
            run.events += self.aws.events[seen:]
            if self.state(run) is State.DONE:
                self.deployed = run.config

    # What must hold.

    def broken(self) -> Iterator[str]:
        """All that is broken by now, in words."""
        live = [run.name for run in self.runs if is_live(self.state(run))]
        if len(live) > 1:
            yield f"I3: {live} are live in one stack"
        for run in self.runs:
            yield from standing(self._history(run, run.events), self.clock.now())
            yield from self._rewritten(run)
        if self.runs:
            everything = standing(self._history(self.runs[-1], self.aws.events), self.clock.now())
            yield from (words for words in everything if words.startswith(("I2", "I10")))

    def _history(self, run: Run, events: list[Event]) -> History:
        told = [line.at for line in self.journal.lines(run.name) if line.level == ERROR]
        intents, budget = self.journal.intents(run.name), self.limits.pause_budget
        return History(run.plan, events, intents, budget, told, self._loaded_before)

    def _rewritten(self, run: Run) -> Iterator[str]:
        """I11, of a deployment's own record: lines and intents are only added."""
        intents = tuple(replace(intent, closed=True) for intent in self.journal.intents(run.name))
        now = (self.journal.lines(run.name), intents)
        for before, after in zip(run.written, now, strict=True):
            if after[: len(before)] != before:
                yield f"I11: the record of {run.name} was {before}, and is {after}"
        run.written = now

    def astray(self) -> list[str]:
        """The tasks that do not stand as the deployed config says (I5)."""
        wanted = {f"food-{name}": not of.paused for name, of in self.deployed.items()}
        live = self.aws.live
        gone = [f"I5: {name} is gone" for name in wanted if name not in live]
        return gone + [
            f"I5: {name} is {live[name].status}"
            for name, runs in wanted.items()
            if name in live and (live[name].status == "running") is not runs
        ]
