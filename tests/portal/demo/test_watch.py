"""What dies is started again as long as that makes sense; without the web server, or without end, it does not."""

from collections.abc import Iterable
from typing import cast

import pytest

from portal.demo import watch as watching
from portal.demo.child import Child
from portal.demo.running import RunningSluice
from portal.demo.watch import EndRequested, watch


class FakeChild:
    """Lives until it is told to have died; `start` brings it back, but not more often than it has lives."""

    def __init__(self, name: str, *, exits: list[int] | None = None) -> None:
        self.name = name
        self.exits = exits or []
        self.starts = 0

    def exit_code(self) -> int | None:
        return self.exits[0] if self.exits else None

    def kill(self) -> None:
        """Nothing is left of a fake."""

    def start(self) -> None:
        self.starts += 1
        self.exits.pop(0)


class FakeSluice:
    """The two processes that matter here; ends the watch when it was looked at often enough."""

    def __init__(self, *, web: FakeChild, worker: FakeChild) -> None:
        self.web = web
        self.worker = worker
        self.looks_left = 10

    def children(self) -> Iterable[Child]:
        self.looks_left -= 1
        if self.looks_left == 0:
            raise EndRequested
        return cast("Iterable[Child]", (self.web, self.worker))


@pytest.fixture(autouse=True)
def _look_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "LOOK_EVERY_SECONDS", 0)


def _watch(sluice: FakeSluice) -> tuple[int, list[str]]:
    said: list[str] = []
    code = watch(cast("RunningSluice", sluice), say=lambda name, line: said.append(line))
    return code, said


def test_watch__worker_is_killed__is_said_and_started_again() -> None:
    sluice = FakeSluice(web=FakeChild("web"), worker=FakeChild("worker", exits=[-9]))
    said: list[str] = []

    with pytest.raises(EndRequested):
        watch(cast("RunningSluice", sluice), say=lambda name, line: said.append(line))

    assert sluice.worker.starts == 1
    assert said == ["worker ended with signal SIGKILL; starting it again."]


def test_watch__web_ends__the_demo_ends() -> None:
    sluice = FakeSluice(web=FakeChild("web", exits=[3]), worker=FakeChild("worker"))

    code, said = _watch(sluice)

    assert code == 1
    assert said == ["web ended with exit code 3; the demo ends with it."]


def test_watch__worker_dies_again_and_again__the_demo_gives_up() -> None:
    sluice = FakeSluice(web=FakeChild("web"), worker=FakeChild("worker", exits=[1] * 100))

    code, said = _watch(sluice)

    assert code == 1
    assert sluice.worker.starts == watching.RESTARTS_PER_CHILD
    assert said[-1] == "worker ended with exit code 1; the demo ends with it."


def test_watch__web_is_killed_by_somebody__is_started_again() -> None:
    sluice = FakeSluice(web=FakeChild("web", exits=[-9]), worker=FakeChild("worker"))

    with pytest.raises(EndRequested):
        watch(cast("RunningSluice", sluice), say=lambda name, line: None)

    assert sluice.web.starts == 1
