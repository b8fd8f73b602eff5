"""Waiting ends with the reason in words when a process can no longer become ready."""

import os
import sys
from pathlib import Path

import pytest

from portal.demo.child import Child
from portal.demo.waiting import NeverReady, wait_until


def _child(tmp_path: Path, program: str) -> Child:
    child = Child("aws", [sys.executable, "-c", program], environment=os.environ, directory=tmp_path, say=None)
    child.start()
    return child


def test_wait_until__child_ends_first__says_its_code_and_last_lines(tmp_path: Path) -> None:
    child = _child(tmp_path, "print('no such company', flush=True); raise SystemExit(3)")
    child.wait()

    with pytest.raises(NeverReady, match=r"(?s)aws ended with code 3.*no such company"):
        wait_until(child, lambda: False, seconds=10)


def test_wait_until__time_is_up__says_so(tmp_path: Path) -> None:
    child = _child(tmp_path, "import time; time.sleep(60)")
    try:
        with pytest.raises(NeverReady, match="aws was not ready within 0 s"):
            wait_until(child, lambda: False, seconds=0.2)
    finally:
        child.kill()
