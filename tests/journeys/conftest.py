"""Journeys run through the services, the worker and the local AWS of one running Sluice, without a browser.

The fixtures `sluice` and `domain` come from `tests/running_sluice.py`.
"""

import time
from collections.abc import Callable

import pytest

WaitFor = Callable[..., None]


@pytest.fixture
def wait_for() -> WaitFor:
    """Give a function that looks again and again until something has happened, or fails by saying what did not."""

    def wait(what: str, has_happened: Callable[[], bool], *, seconds: float = 60) -> None:
        deadline = time.monotonic() + seconds
        while not has_happened():
            if time.monotonic() > deadline:
                pytest.fail(f"after {seconds:.0f} s: {what} has not happened")
            time.sleep(0.2)

    return wait
