"""However the starter is asked to end, nothing that it started is left running."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from portal.configuration import PROJECT_ROOT
from portal.demo.place import free_port

STARTER = """
import sys
from pathlib import Path
from portal.demo.place import Place
from portal.demo.running import RunningSluice
from portal.demo.waiting import broker_answers, wait_until
from portal.demo.watch import EndRequested, end_on_signals

directory, port = Path(sys.argv[1]), int(sys.argv[2])
directory.mkdir()
end_on_signals()
place = Place(directory, web_port=1, aws_port=2, broker_port=port)
try:
    with RunningSluice(place, say=lambda name, line: None) as running:
        running.broker.start()
        wait_until(running.broker, lambda: broker_answers(place.broker_url), seconds=20)
        print(running.broker.pid, flush=True)
        running.broker.wait()
except EndRequested:
    print("ended", flush=True)
"""


def _group_lives(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=lambda number: number.name)
def test_starter__asked_to_end__leaves_nothing_running(number: signal.Signals, tmp_path: Path) -> None:
    with subprocess.Popen(  # noqa: S603 - the script above
        [sys.executable, "-c", STARTER, str(tmp_path / "demo"), str(free_port())],
        cwd=PROJECT_ROOT,
        env={**os.environ, "PYTHONPATH": str(PROJECT_ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    ) as starter:
        assert starter.stdout is not None
        broker_group = int(starter.stdout.readline())
        try:
            starter.send_signal(number)
            starter.send_signal(number)  # impatience must not cut the clean end short
            said, _nothing = starter.communicate(timeout=30)
            time.sleep(0.1)

            assert said == "ended\n"
            assert starter.returncode == 0
            assert not _group_lives(broker_group)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(broker_group, signal.SIGKILL)
