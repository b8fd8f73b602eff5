"""Database servers of a test run: started in a folder of their own, waited for, and gone with the run."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

READY_SECONDS = 30


@contextmanager
def serving(
    process: subprocess.Popen[bytes],
    connect: Callable[[], AbstractContextManager[Any]],
    *,
    not_yet: type[Exception],
    folder: Path,
) -> Iterator[None]:
    """Wait until `connect` raises `not_yet` no longer; at the end stop the process and remove its folder."""
    try:
        deadline = time.monotonic() + READY_SECONDS
        while not _answers(connect, not_yet):
            if process.poll() is not None or time.monotonic() > deadline:
                message = f"the server did not begin to serve: {process.args!r}"
                raise RuntimeError(message)
            time.sleep(0.05)
        yield
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _answers(connect: Callable[[], AbstractContextManager[Any]], not_yet: type[Exception]) -> bool:
    try:
        with connect():
            return True
    except not_yet:
        return False
