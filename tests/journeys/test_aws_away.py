"""AWS cannot be reached: the checks say so and block, the page stands, and a retry works once AWS is back."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from portal.demo.running import AWS_READY_SECONDS, STOP_SECONDS, RunningSluice
from portal.demo.waiting import page_is_fine, wait_until
from tests.journeys.acts import CHECKED_SECONDS, last_check_run, propose
from tests.journeys.conftest import WaitFor
from tests.journeys.visitor import Visitor


@pytest.mark.usefixtures("domain")
def test_checks__aws_is_away__say_so_and_block_and_a_retry_works(sluice: RunningSluice, wait_for: WaitFor) -> None:
    aiko = Visitor(sluice.place.url, "aiko")
    sluice.local_aws.stop(seconds=STOP_SECONDS)
    try:
        number = propose(aiko, "identity", "accounts", "public/passkeys")
        _checked_after(number, 0, wait_for)
        blocked = last_check_run(number)
        page = aiko.get(f"/changes/{number}/")
    finally:
        _start_aws_again(sluice)

    assert blocked.blocks
    assert page.status == 200
    assert "could not run, so it blocks" in page.text
    assert "did not answer" in page.text

    assert aiko.post(f"/changes/{number}/rerun-checks/").status == 200
    _checked_after(number, blocked.pk, wait_for)
    again = last_check_run(number)
    assert not again.blocks, again.results
    assert "Summary of the plan" in aiko.get(f"/changes/{number}/").text


def _checked_after(number: int, earlier: int, wait_for: WaitFor) -> None:
    def is_over() -> bool:
        run = last_check_run(number)
        return run.pk > earlier and not run.is_live

    wait_for(f"the checks of {number} have run", is_over, seconds=CHECKED_SECONDS)


def _start_aws_again(sluice: RunningSluice) -> None:
    answers: Callable[[], bool] = lambda: page_is_fine(f"{sluice.place.aws_url}/_sluice/health")  # noqa: E731
    sluice.local_aws.start()
    wait_until(sluice.local_aws, answers, seconds=AWS_READY_SECONDS)
