"""A local AWS as a program of its own on a free port of this machine; it always ends with the block that started it."""

from __future__ import annotations

import importlib.util
import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import deploy_engine
from deploy_engine.errors import EngineError

MODULE = "deploy_engine.local_aws"
NEEDS = "moto"
LOOPBACK = "127.0.0.1"
START_SECONDS = 60.0
"""Two seconds on an idle machine; far more only where everything else wants the processor too."""

STOP_SECONDS = 5.0
POLL_SECONDS = 0.1
REQUEST_SECONDS = 5.0


class NoLocalAws(EngineError):
    """There is no local AWS to rehearse in; ``str(error)`` says why, and what to do."""


@dataclass(frozen=True)
class LocalAwsProcess:
    """One that answers.

    ``now`` is the time that it told (seconds since 1970) at the moment ``measured`` of this machine's monotonic clock.
    """

    endpoint_url: str
    now: float
    measured: float


@contextmanager
def local_aws(company: Path, environment: str, *, speed: float, log: Path) -> Iterator[LocalAwsProcess]:
    """Run a fresh one that holds what ``company`` names for ``environment``; raises :class:`NoLocalAws`."""
    if importlib.util.find_spec(NEEDS) is None:
        message = (
            f"the local AWS is not installed: it needs the package {NEEDS}[server], which requirements-dev.txt has"
        )
        raise NoLocalAws(message)
    port = _free_port()
    command = [sys.executable, "-m", MODULE, "--company", str(company), "--env", environment]
    command += ["--port", str(port), "--speed", f"{speed:g}"]
    with log.open("wb") as written:
        process = subprocess.Popen(  # noqa: S603 - this package's own program
            command, cwd=company, env=_surroundings(), stdin=subprocess.DEVNULL, stdout=written, stderr=written
        )
        try:
            yield _answering(process, f"http://{LOOPBACK}:{port}", log)
        finally:
            _end(process)


def _surroundings() -> dict[str, str]:
    """This process's environment without anything about AWS, and with the package where this process has it from."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    paths = [str(Path(deploy_engine.__file__).parents[1]), kept.get("PYTHONPATH", "")]
    return {**kept, "PYTHONPATH": os.pathsep.join(path for path in paths if path)}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def _answering(process: subprocess.Popen[bytes], url: str, log: Path) -> LocalAwsProcess:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise NoLocalAws(f"the local AWS ended before it answered: {_last_words(log)}")
        asked = time.monotonic()
        try:
            with urllib.request.urlopen(f"{url}/_sluice/health", timeout=REQUEST_SECONDS) as answer:  # noqa: S310 - loopback
                return LocalAwsProcess(url, float(json.load(answer)["now"]), (asked + time.monotonic()) / 2)
        except (urllib.error.URLError, OSError):
            time.sleep(POLL_SECONDS)
    raise NoLocalAws(f"the local AWS did not answer within {START_SECONDS:g} s: {_last_words(log)}")


def _last_words(log: Path) -> str:
    lines = [line for line in log.read_text("utf-8", "replace").splitlines() if line.strip()]
    return lines[-1] if lines else "it said nothing"


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
