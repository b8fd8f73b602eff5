"""The deployments that the tests carry out: a world before, the plan, and what must run after."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import dataclass, field, replace

from deploy_engine.execution import Executor, Limits, State, Tick
from deploy_engine.execution.decision import ERROR
from deploy_engine.execution.invariants import History, settled, standing
from deploy_engine.execution.ports import AwsHands, Journal
from deploy_engine.planning import Plan
from tests.engine.execution.clock import MovedClock
from tests.engine.execution.fake_aws import FakeAws
from tests.engine.execution.memory_journal import MemoryJournal
from tests.engine.execution.plans import STACK, Tasks, plan_of, step_between, template

OLD = "v202011191200"
NEW = "v202603020900"


@dataclass(frozen=True)
class Scenario:
    """``stages`` are the tables of each task after each step; ``paused`` is what is stopped before, and then after.

    ``failing_update`` is the number of the update that CloudFormation rolls back, ``occupied`` tells that data lies
    where tables would load, ``hanging`` that the update does not end, ``rollback_fails`` that its rollback fails and is
    gone on with when a person asks; ``ends`` is where the deployment then ends.
    """

    name: str
    before: Tasks | None
    stages: tuple[Tasks, ...]
    paused: tuple[frozenset[str], frozenset[str]] = (frozenset(), frozenset())
    failing_update: int = 0
    occupied: bool = False
    hanging: bool = False
    rollback_fails: bool = False
    ends: State = State.DONE

    @property
    def after(self) -> Mapping[str, str]:
        """The run state that each task must end in."""
        return {name: "stopped" if name in self.paused[1] else "running" for name in self.stages[-1]}

    @property
    def at_end(self) -> Mapping[str, str]:
        """The run state that each task must end in where the deployment ends as it should."""
        return self.after if self.ends is State.DONE else self.as_before

    @property
    def as_before(self) -> Mapping[str, str]:
        return {name: "stopped" if name in self.paused[0] else "running" for name in self.before or {}}

    def world(self, clock: MovedClock) -> FakeAws:
        aws = FakeAws(clock)
        if self.before is not None:
            aws.deployed(STACK, template(self.before))
            for name in self.paused[0]:
                aws.live[name].status = "stopped"
        if self.failing_update:
            aws.passing_updates, aws.failing_updates = self.failing_update - 1, 1
        aws.hanging_updates, aws.failing_rollbacks = int(self.hanging), int(self.rollback_fails)
        if self.occupied:
            aws.data |= {load.prefix for step in self.plan().steps for load in step.loads}
        return aws

    def plan(self) -> Plan:
        tables = self.before
        running = frozenset(tables or {}) - self.paused[0]
        ran, steps = frozenset(tables or {}), []
        for stage in self.stages:
            before = None if tables is None else template(tables)
            after = template(stage)
            steps.append(step_between(before, after, running=running, ran=ran, stopped=self.paused[1]))
            tables, running, ran = stage, frozenset(stage) - self.paused[1], frozenset(stage) - self.paused[1]
        return plan_of(steps, None if self.before is None else template(self.before))


BEFORE: Tasks = {
    "food-foodsearch": [f"foodsearch.barcodes@{OLD}", f"foodsearch.bar_codes@{OLD}"],
    "food-orders": [f"orders.lines@{OLD}"],
}
_GROWN = [*BEFORE["food-foodsearch"], f"foodsearch.brands@{NEW}"]
ADD = Scenario("add a table", BEFORE, ({**BEFORE, "food-foodsearch": _GROWN},))
REMOVE = Scenario("remove a table", BEFORE, ({**BEFORE, "food-foodsearch": BEFORE["food-foodsearch"][:1]},))
NEW_TASK = Scenario("a new task", BEFORE, ({**BEFORE, "food-recipes": [f"recipes.steps@{NEW}"]},))
REMOVE_TASK = Scenario("remove a task", BEFORE, ({"food-foodsearch": BEFORE["food-foodsearch"]},))
FIRST = Scenario("the first deployment", None, (BEFORE,))
PAUSE = Scenario("pause a task", BEFORE, (BEFORE,), (frozenset(), frozenset({"food-orders"})))
UNPAUSE = Scenario("unpause a task", BEFORE, (BEFORE,), (frozenset({"food-orders"}), frozenset()))
SEVERAL = Scenario(
    "several tasks at once",
    BEFORE,
    (
        {
            "food-foodsearch": _GROWN,
            "food-orders": [*BEFORE["food-orders"], f"orders.notes@{NEW}"],
            "food-recipes": [f"recipes.steps@{NEW}"],
        },
    ),
)
RELOAD = Scenario(
    "reload a table, in two steps",
    BEFORE,
    (
        {**BEFORE, "food-foodsearch": BEFORE["food-foodsearch"][:1]},
        {**BEFORE, "food-foodsearch": [BEFORE["food-foodsearch"][0], f"foodsearch.bar_codes@{NEW}"]},
    ),
)
FAILING = replace(SEVERAL, name="an update that fails", failing_update=1, ends=State.FAILED_SAFE)
REFUSED = replace(ADD, name="a folder that is not empty", occupied=True, ends=State.FAILED_SAFE)
HALF_WAY = replace(RELOAD, name="a reload whose second update fails at first", failing_update=2)
SINGLE_STEPS = (ADD, REMOVE, NEW_TASK, REMOVE_TASK, FIRST, PAUSE, UNPAUSE, SEVERAL)
ALL = (*SINGLE_STEPS, RELOAD)
HANGING = replace(ADD, name="an update that hangs", hanging=True, ends=State.FAILED_SAFE)
STUCK_ROLLBACK = replace(
    ADD, name="a rollback that fails too", failing_update=1, rollback_fails=True, ends=State.FAILED_SAFE
)
TROUBLED = (FAILING, REFUSED, HALF_WAY, HANGING, STUCK_ROLLBACK)


_PLANS: dict[str, Plan] = {}


def _plan_of(scenario: Scenario) -> Plan:
    """A scenario's plan is made once: thousands of runs begin with it."""
    if scenario.name not in _PLANS:
        _PLANS[scenario.name] = scenario.plan()
    return _PLANS[scenario.name]


@dataclass
class Stage:
    """Everything that a test of the executor needs, wired together."""

    scenario: Scenario
    clock: MovedClock = field(default_factory=MovedClock)
    limits: Limits = field(default_factory=Limits)

    def __post_init__(self) -> None:
        self.aws = self.scenario.world(self.clock)
        self.plan = _plan_of(self.scenario)
        self.journal = MemoryJournal(self.clock, self.limits)
        self.run = self.journal.create(self.plan)
        self.lives = 0
        self._loaded_before = frozenset(self.aws.data)
        self.fresh_plan: Callable[[Plan], Plan | str] = lambda plan: plan

    def copy(self) -> Stage:
        """All that is left when every process is dead: AWS and the journal, as they are at this moment."""
        other = copy(self)
        other.clock = self.clock.copy()
        other.aws, other.journal = self.aws.copy(other.clock), self.journal.copy(other.clock)
        return other

    def executor(
        self, owner: str = "worker-1", *, hands: AwsHands | None = None, journal: Journal | None = None
    ) -> Executor:
        acting: AwsHands = self.aws if hands is None else hands
        return Executor(
            self.journal if journal is None else journal,
            lambda _plan: acting,
            owner=owner,
            replan=lambda plan: self.fresh_plan(plan),  # noqa: PLW0108 a test may replace it later
            limits=self.limits,
            jitter=lambda: 1.0,
        )

    def run_to_end(self) -> Tick:
        return self.executor().run_to_end(self.run, self.clock.sleep)

    @property
    def history(self) -> History:
        """All that happened so far."""
        told = [line.at for line in self.journal.lines(self.run) if line.level == ERROR]
        budget = self.limits.pause_budget
        return History(self.plan, self.aws.events, self.journal.intents(self.run), budget, told, self._loaded_before)

    def violations(self, state: State) -> tuple[str, ...]:
        """The invariants that were broken by the time the run ended in ``state``."""
        wanted = self.scenario.after if state is State.DONE else self.scenario.as_before
        ran_before = {name: run_state == "running" for name, run_state in self.scenario.as_before.items()}
        history, found = self.history, self.run_states
        at_end = settled(history, state=state, ran_before=ran_before, wanted=wanted, found=found)
        return (*standing(history, self.clock.now()), *at_end)

    @property
    def story(self) -> list[str]:
        return [line.message for line in self.journal.lines(self.run)]

    @property
    def run_states(self) -> dict[str, str]:
        return {name: task.status for name, task in self.aws.live.items()}

    def kinds(self, target: str) -> list[str]:
        return [event.kind for event in self.aws.events if event.target == target]
