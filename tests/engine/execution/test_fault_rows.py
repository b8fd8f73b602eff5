"""The rows of the fault table in docs/reliability.md, each with the tests that make the fault."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
HERE = "tests/engine/execution"
TABLE, SLUICE = f"{HERE}/test_fault_table.py", f"{HERE}/test_faults_of_sluice.py"
WAYS_BACK, REFUSALS, LEASES = f"{HERE}/test_ways_back.py", f"{HERE}/test_refusals.py", f"{HERE}/test_leases.py"
FAULTS, ZOMBIES = f"{HERE}/test_faults.py", f"{HERE}/test_zombies.py"
EVERY_CALL = "tests/engine/adapters/carried_out/test_every_call.py"
SERVICES = "tests/replication/services"
GIT = f"{SERVICES}/test_git_export.py"
SQLITE = "tests/engine/adapters/test_sqlite_journal.py"
SINGLE = "test_executor__a_single_fault_at_every_point__ends_as_it_should_without_a_violation"
REAL = "test_engine__a_single_fault_at_every_call_and_commit__ends_done_without_a_violation"

ROWS: dict[int, tuple[tuple[str, str], ...]] = {
    1: ((TABLE, "test_throttled__for_hours_in_the_middle_of_a_pause__counts_against_no_deadline_and_then_goes_on"),),
    2: ((EVERY_CALL, REAL),),
    3: ((EVERY_CALL, REAL), (FAULTS, SINGLE)),
    4: (
        (WAYS_BACK, "test_executor__stack_update_fails__tasks_run_again_on_the_old_config"),
        (WAYS_BACK, "test_executor__second_step_fails__half_done_then_forward_only"),
    ),
    5: ((TABLE, "test_rollback_failed__a_person_lets_it_go_on__ends_as_before_with_one_call_for_each_asking"),),
    6: ((TABLE, "test_update_hangs__beyond_its_deadline__nothing_starts_people_are_told_and_it_can_be_cancelled"),),
    7: ((TABLE, "test_change_set__has_no_changes__nothing_is_stopped_and_it_ends_done"),),
    8: ((REFUSALS, "test_executor__change_set_does_what_the_plan_does_not_say__gives_up_and_clears_it_away"),),
    9: ((TABLE, "test_console__changed_the_stack_between_plan_and_run__is_stale_and_touches_nothing"),),
    10: (
        (TABLE, "test_task__does_not_stop__people_are_told_and_nothing_is_executed"),
        (WAYS_BACK, "test_executor__task_does_not_stop__is_never_updated_and_runs_on"),
    ),
    11: (
        (TABLE, "test_executed__failed_and_stop_reason__are_shown_with_the_task_that_does_not_run"),
        (WAYS_BACK, "test_executor__task_does_not_start__calls_a_person_and_goes_on_once_it_can"),
    ),
    12: ((TABLE, "test_seen_running__a_moment_ago_only__is_looked_at_again_after_ten_seconds"),),
    13: ((WAYS_BACK, "test_executor__connection_test_under_way__waits_for_its_end"),),
    14: ((REFUSALS, "test_executor__load_begins_between_guard_and_stop__goes_back_to_waiting"),),
    15: (
        (TABLE, "test_prefix__filled_between_guard_and_update__turns_back_before_the_update"),
        (TABLE, "test_prefix__of_the_second_step_filled_after_the_first__is_half_and_all_run"),
        (WAYS_BACK, "test_executor__data_appears_under_a_prefix_after_the_update__task_stays_stopped"),
    ),
    16: (
        (
            TABLE,
            "test_credentials__hold_for_less_than_a_quarter_of_an_hour__no_task_is_stopped_before_they_are_renewed",
        ),
        (TABLE, "test_credentials__revoked_in_the_middle_of_a_pause__are_tried_every_half_minute_and_people_are_told"),
    ),
    17: ((f"{SERVICES}/test_watchdog.py", "test_overdue_find__nobody_came__finds_every_kind"),),
    18: ((f"{SERVICES}/test_deployment_ticks.py", "test_deployments_due__overdue_and_untold__are_found"),),
    19: (
        (FAULTS, "test_executor__crash_at_every_point__adds_at_most_a_minute_to_a_pause"),
        (
            "tests/journeys/test_worker_killed.py",
            "test_worker__killed_while_a_task_is_stopped__another_one_ends_the_deployment",
        ),
    ),
    20: (
        (SLUICE, "test_worker__ended_after_its_tick__another_goes_on_at_once"),
        ("tests/replication/test_tasks.py", "test_worker__told_to_end__hands_its_live_deployments_over"),
    ),
    21: ((FAULTS, SINGLE), (TABLE, "test_journal__slow_to_write__no_task_is_stopped_before_it_is_quick")),
    22: (
        (
            f"{SERVICES}/test_standing_still.py",
            "test_sweep__a_run_that_the_database_does_not_know__is_started_once_its_time_is_over",
        ),
        (
            f"{SERVICES}/test_forgotten_tasks.py",
            "test_forgotten_tasks__nothing_was_ever_deployed_here__are_started_and_told",
        ),
    ),
    23: ((GIT, "test_git_export__delivery_fails__waits_longer_and_lets_nothing_overtake"),),
    24: ((GIT, "test_git_export__delivery_fails__waits_longer_and_lets_nothing_overtake"),),
    25: (
        (LEASES, "test_tick__every_message_delivered_ten_times__each_effect_happens_once"),
        (LEASES, "test_tick__of_an_ended_deployment__is_no_act"),
    ),
    26: (
        (ZOMBIES, "test_zombie__fenced_by_aws__changes_nothing_wherever_it_slept"),
        (ZOMBIES, "test_zombie__without_the_fence__stops_at_most_once_and_the_next_pass_of_the_watchdog_heals"),
    ),
    27: (
        (SLUICE, "test_clock__of_a_worker_is_an_hour_off__the_deployment_does_not_notice"),
        (f"{SERVICES}/test_clocks.py", "test_watchdog__its_clock_is_off__takes_nothing_up_that_is_not_overdue"),
    ),
    28: (
        (f"{SERVICES}/test_deployments.py", "test_deployments__two_live_ones_of_a_stack__are_impossible"),
        (
            SQLITE,
            "test_executor__two_deployments_of_one_stack__the_second_waits_and_says_for_whom",
        ),
    ),
    29: (
        (REFUSALS, "test_executor__statistics_are_not_refreshed__waits_as_if_a_table_was_loading"),
        (SLUICE, "test_statistics__one_page_of_them_does_not_come__nothing_is_stopped"),
    ),
    30: ((SLUICE, "test_brain__fails_again_and_again__tasks_run_again_by_another_way_and_a_person_is_called"),),
    31: ((SLUICE, "test_cancel__in_every_state__ends_where_that_is_safe_with_all_running"),),
    32: ((SLUICE, "test_journal__written_by_an_older_format__is_continued_to_the_end"),),
}


def test_fault_table__every_row__has_a_test() -> None:
    page = (ROOT / "docs" / "reliability.md").read_text("utf-8")
    faults = page.partition("## Faults")[2].partition("\n## ")[0]

    assert [int(number) for number in re.findall(r"^\| (\d+) \|", faults, re.MULTILINE)] == list(ROWS)


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_fault_table__the_tests_of_a_row__exist(row: int) -> None:
    for path, name in ROWS[row]:
        module = ast.parse((ROOT / path).read_text("utf-8"))
        assert name in {node.name for node in ast.walk(module) if isinstance(node, ast.FunctionDef)}, (path, name)


def test_product__reload_target_and_reload_tables__stand_in_no_call() -> None:
    """Row 11: they would load over what lies in the lake."""
    calls = ("reload_tables(", '"reload-target"', "'reload-target'", "delete_replication_task(", "delete_object")
    product = [path for folder in ("deploy_engine", "replication", "portal") for path in (ROOT / folder).rglob("*.py")]
    found = [
        str(path)
        for path in product
        if "local_aws" not in path.parts and any(call in path.read_text("utf-8") for call in calls)
    ]

    assert found == []
