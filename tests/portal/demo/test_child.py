"""A child ends when it is told to, and so does everything that it started itself."""

import os
import sys
import time
from pathlib import Path

import pytest

from portal.demo.child import Child

STARTS_A_GRANDCHILD = """
import subprocess, sys
grandchild = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
print(grandchild.pid, flush=True)
grandchild.wait()
"""
FINISHES_ITS_WORK = """
import signal, sys, time
def finish(number, frame):
    print("work finished", flush=True)
    sys.exit(0)
signal.signal(signal.SIGTERM, finish)
print("working", flush=True)
time.sleep(60)
"""
IGNORES_THE_REQUEST = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("deaf", flush=True)
time.sleep(60)
"""


def _child(tmp_path: Path, program: str) -> Child:
    child = Child("child", [sys.executable, "-c", program], environment=os.environ, directory=tmp_path, say=None)
    child.start()
    return child


def _first_line(child: Child) -> str:
    deadline = time.monotonic() + 10
    while not child.last_lines:
        assert time.monotonic() < deadline, "the child said nothing"
        time.sleep(0.01)
    return child.last_lines[0]


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"


def test_stop__child_with_work_in_hand__lets_it_finish(tmp_path: Path) -> None:
    child = _child(tmp_path, FINISHES_ITS_WORK)
    _first_line(child)

    child.stop(seconds=10)

    assert list(child.last_lines) == ["working", "work finished"]
    assert child.exit_code() == 0


def test_stop__child_that_ignores_the_request__is_killed(tmp_path: Path) -> None:
    child = _child(tmp_path, IGNORES_THE_REQUEST)
    _first_line(child)

    child.stop(seconds=0.2)

    assert child.exit_code() == -9


def test_stop__child_has_started_another__ends_both(tmp_path: Path) -> None:
    child = _child(tmp_path, STARTS_A_GRANDCHILD)
    grandchild = int(_first_line(child))
    assert _lives(grandchild)

    child.stop(seconds=5)

    assert not _lives(grandchild)


def test_start__child_was_killed__runs_again(tmp_path: Path) -> None:
    child = _child(tmp_path, FINISHES_ITS_WORK)
    first = child.pid
    child.kill()
    child.start()
    try:
        assert child.pid != first
        assert child.exit_code() is None
    finally:
        child.kill()


def test_exit_code__never_started__says_so(tmp_path: Path) -> None:
    child = Child("child", ["true"], environment={}, directory=tmp_path, say=None)

    with pytest.raises(RuntimeError, match="never started"):
        child.exit_code()
