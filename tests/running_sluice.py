"""The whole of Sluice, really running, for tests that must not trust a stand-in.

`sluice` starts a broker, a local AWS, web, worker and beat once per test run, over a folder of their own, seeded like
the demo but for its history: tests make their own. `domain` lets a test call services and selectors on that same
database. Tests that use them run one after another in one process (`xdist_group`), because a second whole Sluice would
only slow the first one down.
"""

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connections
from pytest_django import DjangoDbBlocker

from portal.demo.place import Place, free_port
from portal.demo.running import RunningSluice

WaitFor = Callable[..., None]
AWS_SPEED = 20.0
"""The local AWS lives this many times faster than the clock, so that no test waits for a load."""


@pytest.fixture(scope="session")
def sluice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSluice]:
    """Give a running, seeded Sluice; what its processes print is shown with the tests that fail."""
    place = Place(
        directory=tmp_path_factory.mktemp("sluice"),
        web_port=free_port(),
        aws_port=free_port(),
        broker_port=free_port(),
        aws_speed=AWS_SPEED,
    )
    with RunningSluice(place, say=_print) as running:
        running.start("--without-history")
        yield running


@pytest.fixture
def domain(sluice: RunningSluice, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Point Django's ORM, in this test, at the running Sluice's database instead of the empty test database."""
    own = connections["default"]
    shared = connections.create_connection("default")
    settings: dict[str, Any] = {**shared.settings_dict, "NAME": str(sluice.place.database)}
    shared.settings_dict = settings
    with django_db_blocker.unblock():
        connections["default"] = shared
        try:
            yield
        finally:
            shared.close()
            connections["default"] = own


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


def _print(name: str, line: str) -> None:
    print(f"{name:>9} | {line}")
