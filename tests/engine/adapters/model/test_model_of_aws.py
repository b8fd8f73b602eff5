"""The fast model of AWS answers as the local AWS does, refusals included: ``Both`` fails at the first difference."""

from __future__ import annotations

import pytest

from tests.engine.adapters.model.both import BY_TASK, ORDERS, RECIPES, SEARCH, STACK, Both
from tests.engine.execution.faults import HARMLESS, MUTATIONS, READS

pytestmark = pytest.mark.loopback
REFUSED_STATE = ("refused", "InvalidResourceStateFault")
REFUSED = ("refused", "ValidationError")
NOT_EXECUTABLE = ("refused", "InvalidChangeSetStatus")


def stopped(both: Both, *tasks: str) -> None:
    for name in tasks:
        both.do("stop_task", name)
    both.settle()


def executed(both: Both, template: str) -> None:
    """A change set that was handed over just now."""
    both.prepare("one", template)
    both.wait(10)
    both.do("execute_change_set", STACK, "one", "one")


def test_model__task_stopped_and_started__refuses_what_dms_refuses(both: Both) -> None:
    both.look()
    both.do("stop_task", SEARCH)
    assert both.do("stop_task", SEARCH) == REFUSED_STATE
    assert both.do("start_task", SEARCH, first=False) == REFUSED_STATE
    both.settle()
    assert both.do("stop_task", SEARCH) == REFUSED_STATE
    assert both.do("start_task", SEARCH, first=True) == ("refused", "InvalidParameterCombinationException")
    both.do("start_task", SEARCH, first=False)
    assert both.do("start_task", SEARCH, first=False) == REFUSED_STATE
    assert both.do("stop_task", SEARCH) == REFUSED_STATE
    both.settle()


def test_model__task_that_cannot_start__fails_after_a_while_and_may_be_started_again(both: Both) -> None:
    stopped(both, SEARCH)
    both.fake.failing_starts[SEARCH] = 1
    both.local.fault("fail-start", name=SEARCH)
    both.do("start_task", SEARCH, first=False)
    both.settle()
    assert both.do("tasks", [SEARCH]) == ("ok", {SEARCH: ("failed", True, True)})
    assert both.do("stop_task", SEARCH) == REFUSED_STATE
    both.do("start_task", SEARCH, first=False)
    both.settle()


def test_model__task_that_does_not_stop__stays_on_its_way(both: Both) -> None:
    both.fake.stubborn.add(SEARCH)
    both.local.fault("hang-stopping", name=SEARCH)
    stopped(both, SEARCH)
    assert both.do("start_task", SEARCH, first=False) == REFUSED_STATE


def test_model__tags__are_put_over_and_taken_away_by_name(both: Both) -> None:
    both.do("tag_task", SEARCH, {"sluice-run": "17", "mood": "good"})
    assert both.do("task_tags", SEARCH) == ("ok", {"sluice-run": "17", "mood": "good"})
    both.do("tag_task", SEARCH, {"mood": "bad"})
    both.do("untag_task", SEARCH, ("sluice-run", "never-there"))
    assert both.do("task_tags", SEARCH) == ("ok", {"mood": "bad"})


@pytest.mark.parametrize("wiped", [False, True])
def test_model__stack_update__wipes_tags_of_what_it_modifies_where_the_switch_says_so(
    both: Both, *, wiped: bool
) -> None:
    both.fake.wipes_tags = wiped
    both.local.behave(stack_updates_wipe_tags=wiped)
    for name in (SEARCH, ORDERS):
        both.do("tag_task", name, {"sluice-run": "17"})
    stopped(both, SEARCH)
    both.update("one", "a table more")
    assert both.do("task_tags", SEARCH) == ("ok", {} if wiped else {"sluice-run": "17"})
    assert both.do("task_tags", ORDERS) == ("ok", {"sluice-run": "17"})


@pytest.mark.parametrize(
    ("method", "args", "answer"),
    [
        *[(method, ("food-none",), "ResourceNotFoundFault") for method in sorted(BY_TASK - {"tag_task", "untag_task"})],
        ("tag_task", ("food-none", {"a": "b"}), "ResourceNotFoundFault"),
        ("untag_task", ("food-none", ("a",)), "ResourceNotFoundFault"),
        ("table_mappings", ("food-none",), None),
        ("stack", ("none",), None),
        ("change_set", ("none", "one"), None),
        ("change_set", (STACK, "one"), None),
        ("delete_change_set", (STACK, "one"), None),
        ("delete_change_set", ("none", "one"), "ValidationError"),
        ("execute_change_set", (STACK, "one", "token"), "ChangeSetNotFound"),
        ("execute_change_set", ("none", "one", "token"), "ValidationError"),
        ("delete_stack", ("none", "token"), None),
        ("cancel_update", ("none", "token"), "ValidationError"),
        ("continue_rollback", ("none", "token"), "ValidationError"),
        ("failure_reason", ("none", "token"), "ValidationError"),
        ("cancel_update", (STACK, "token"), "ValidationError"),
        ("continue_rollback", (STACK, "token"), "ValidationError"),
    ],
)
def test_model__what_does_not_exist__is_answered_as_aws_does(
    both: Both, method: str, args: tuple[object, ...], answer: str | None
) -> None:
    more = {"start_task": {"first": False}, "stack": {"with_template": True}}.get(method, {})
    found = both.do(method, *args, **more)

    assert found == ("refused", answer) if answer else found[0] == "ok"


def test_model__change_set__goes_its_way_once_whatever_is_sent_twice(both: Both) -> None:
    stopped(both, SEARCH)
    both.prepare("one", "a table more")
    assert both.do("execute_change_set", STACK, "one", "one") == NOT_EXECUTABLE
    both.prepare("one", "a table more")
    assert both.prepare("one", "a table more", token="another") == ("refused", "AlreadyExistsException")
    both.prepare("two", "a table less")
    both.wait(10)
    both.look()
    both.do("execute_change_set", STACK, "one", "one")
    assert both.do("execute_change_set", STACK, "one", "one") == ("ok", None)
    assert both.do("execute_change_set", STACK, "one", "another") == NOT_EXECUTABLE
    assert both.do("execute_change_set", STACK, "two", "two") == ("refused", "ChangeSetNotFound")
    assert both.prepare("three", "a table less") == REFUSED
    assert both.do("delete_change_set", STACK, "one") == NOT_EXECUTABLE
    assert both.do("delete_stack", STACK, "token") == REFUSED
    both.settle()
    assert both.do("execute_change_set", STACK, "one", "one") == ("ok", None)
    assert both.do("execute_change_set", STACK, "one", "another") == NOT_EXECUTABLE
    both.do("start_task", SEARCH, first=False)
    both.settle()


def test_model__change_set_without_a_change__fails_and_says_so(both: Both) -> None:
    both.prepare("one", "as it is")
    both.wait(10)
    assert both.do("change_set", STACK, "one") == ("ok", ("FAILED", "UNAVAILABLE", True, []))
    assert both.do("execute_change_set", STACK, "one", "one") == NOT_EXECUTABLE
    both.do("delete_change_set", STACK, "one")
    both.look()


def test_model__update_under_a_running_task__is_rolled_back(both: Both) -> None:
    both.update("one", "a table more")
    status, _ = both.do("stack", STACK, with_template=True)[1]
    assert status == "UPDATE_ROLLBACK_COMPLETE"
    assert both.do("failure_reason", STACK, "one") == ("ok", True)


def test_model__task_started_while_its_stack_is_updated__has_the_same_end(both: Both) -> None:
    stopped(both, SEARCH)
    executed(both, "a table more")
    both.do("start_task", SEARCH, first=False)
    both.settle()


@pytest.mark.parametrize("running", [False, True])
def test_model__task_that_leaves_the_stack__is_deleted_unless_it_runs(both: Both, *, running: bool) -> None:
    if not running:
        stopped(both, ORDERS)
    both.update("one", "a task less")
    assert (ORDERS in both.do("tasks", [ORDERS])[1]) is running


def test_model__update_that_fails__is_rolled_back_and_can_be_tried_again(both: Both) -> None:
    stopped(both, SEARCH)
    both.fake.failing_updates = 1
    both.local.fault("fail-stack-update")
    both.update("one", "a table more")
    both.do("failure_reason", STACK, "one")
    both.do("execute_change_set", STACK, "one", "one")
    both.update("two", "a table more")


def test_model__update_cancelled__is_rolled_back(both: Both) -> None:
    stopped(both, SEARCH)
    executed(both, "a table more")
    both.do("cancel_update", STACK, "token")
    assert both.do("cancel_update", STACK, "token") == ("ok", None)
    both.settle()


def test_model__rollback_that_fails__is_stuck_until_it_is_gone_on_with(both: Both) -> None:
    stopped(both, SEARCH)
    both.fake.failing_rollbacks = 1
    both.local.fault("fail-stack-rollback")
    executed(both, "a table more")
    both.wait(5)
    both.do("cancel_update", STACK, "cancel")
    both.settle()
    assert both.prepare("two", "as it is") == REFUSED
    both.do("continue_rollback", STACK, "token")
    assert both.do("continue_rollback", STACK, "token") == ("ok", None)
    both.settle()
    assert both.do("continue_rollback", STACK, "another") == REFUSED
    both.update("three", "a table more")


def test_model__first_deployment__makes_a_stack_and_tasks_that_never_ran(bare: Both) -> None:
    assert bare.prepare("zero", "as it is") == REFUSED
    bare.prepare("one", "as it is", first=True)
    bare.look()
    bare.wait(10)
    bare.look()
    bare.do("execute_change_set", STACK, "one", "one")
    bare.do("stack", STACK, with_template=True)
    bare.settle()
    assert bare.do("start_task", SEARCH, first=False) == ("refused", "InvalidParameterCombinationException")
    for name in (SEARCH, ORDERS):
        bare.do("start_task", name, first=True)
    bare.wait(25)
    bare.look()
    bare.settle()
    assert bare.prepare("two", "as it is", first=True) == REFUSED


def test_model__creation_that_fails__leaves_remains_that_can_only_be_deleted(bare: Both) -> None:
    bare.fake.failing_updates = 1
    bare.local.fault("fail-stack-update")
    bare.update("one", "as it is", first=True)
    for first in (True, False):
        assert bare.prepare("two", "as it is", first=first) == REFUSED
    assert bare.do("cancel_update", STACK, "token") == REFUSED
    bare.do("delete_stack", STACK, "delete")
    bare.do("stack", STACK, with_template=True)
    bare.settle()
    bare.update("three", "as it is", first=True)


def test_model__table_removed_and_added_under_a_new_version__loads_once_it_was_forgotten(both: Both) -> None:
    """The two steps of a reload; and in one step nothing loads, for DMS goes on with what it knows."""
    stopped(both, SEARCH)
    both.update("one", "a table less")
    both.do("start_task", SEARCH, first=False)
    both.settle()
    stopped(both, SEARCH)
    both.update("two", "a table under a new version")
    both.do("start_task", SEARCH, first=False)
    both.wait(25)
    both.look()
    both.settle()


def test_model__load_interrupted_by_a_stop__begins_again(both: Both) -> None:
    both.update("one", "a task more")
    both.do("start_task", RECIPES, first=True)
    both.wait(25)
    both.look()
    both.do("stop_task", RECIPES)
    both.wait(20)
    both.look()
    both.do("start_task", RECIPES, first=False)
    both.wait(25)
    both.look()
    both.settle()


def test_both__together__make_every_call_of_the_port() -> None:
    """What is not compared here is named, and why: it has no counterpart in the model."""
    compared = {"stack", "change_set", "tasks", "table_mappings", "prefix_occupied", "failure_reason", *BY_TASK}
    compared |= {"put_template", "create_change_set", "execute_change_set", "delete_change_set", "delete_stack"}
    compared |= {"cancel_update", "continue_rollback"}

    assert compared == (READS | MUTATIONS)
    assert {"session_left", "fence"} <= HARMLESS
