"""Calls of the ports in any order, on the model and on the local AWS: the same answers, and the same world at rest.

Only moments are compared at which both have had the same time: right after a call, and once everything is at rest. How
long an update takes is a setting of each.
"""

from __future__ import annotations

from typing import Any, ClassVar

import hypothesis.strategies as st
import pytest
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from tests.engine.adapters.carried_out.world import Worlds
from tests.engine.adapters.model.both import ORDERS, RECIPES, SEARCH, STACK, TEXTS, Both
from tests.proofs import Breadth

TASKS = st.sampled_from([SEARCH, SEARCH, ORDERS, RECIPES])
CHANGE_SETS = st.sampled_from(["one", "two"])
KEYS = st.sampled_from(["sluice-run", "mood"])


class Calls(RuleBasedStateMachine):
    """Everything that a deployment may send, also at the wrong moment and twice."""

    worlds: ClassVar[Worlds]
    both: Both

    @initialize(bare=st.booleans())
    def begin(self, *, bare: bool) -> None:
        self.both, self.at_work = Both(self.worlds, bare=bare), False

    @rule()
    def comes_to_rest(self) -> None:
        self.both.settle()
        self.at_work = False

    @precondition(lambda self: not self.at_work)
    @rule(task=TASKS)
    def stop(self, task: str) -> None:
        """Not under an update: whether that comes in time is a matter of seconds."""
        self.both.do("stop_task", task)

    @rule(task=TASKS, first=st.booleans())
    def start(self, task: str, *, first: bool) -> None:
        self.both.do("start_task", task, first=first)

    @rule(task=TASKS, key=KEYS, value=st.sampled_from(["17", "18"]))
    def tag(self, task: str, key: str, value: str) -> None:
        self.both.do("tag_task", task, {key: value})

    @rule(task=TASKS, key=KEYS)
    def untag(self, task: str, key: str) -> None:
        self.both.do("untag_task", task, (key,))

    @rule(name=CHANGE_SETS, template=st.sampled_from(sorted(TEXTS)), first=st.booleans(), again=st.booleans())
    def prepare(self, name: str, template: str, *, first: bool, again: bool) -> None:
        self.both.prepare(name, template, first=first, token=f"{name}-again" if again else "")
        self.both.wait(10 if not self.at_work else 0)

    @rule(name=CHANGE_SETS, token=st.sampled_from(["one", "two"]))
    def execute(self, name: str, token: str) -> None:
        self.at_work |= self.both.do("execute_change_set", STACK, name, token)[0] == "ok"

    @rule(name=CHANGE_SETS)
    def delete_change_set(self, name: str) -> None:
        self.both.do("delete_change_set", STACK, name)

    @rule(token=st.sampled_from(["cancel-1", "cancel-2"]))
    def cancel(self, token: str) -> None:
        self.both.do("cancel_update", STACK, token)

    @rule()
    def continue_rollback(self) -> None:
        self.both.do("continue_rollback", STACK, "continue")

    def teardown(self) -> None:
        if hasattr(self, "both"):
            self.both.settle()


@pytest.mark.loopback
@pytest.mark.exhaustive
def test_calls__in_any_order__have_the_same_answers_on_both_sides(local: Worlds, breadth: Breadth) -> None:
    examples: Any = settings(max_examples=300 if breadth.everything else 12, stateful_step_count=12, deadline=None)
    machine = type("Calls", (Calls,), {"worlds": local})

    run_state_machine_as_test(machine, settings=examples)
