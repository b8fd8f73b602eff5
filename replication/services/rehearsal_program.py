"""The engine's command `rehearse`, run as a program: what it does to this machine ends with it, however it ends.

It gets no secrets of the portal and no credentials: its environment holds only what Python needs to start.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import deploy_engine
from deploy_engine.execution.rehearsal import RehearsalResult
from replication.selectors.rehearsal_order import RehearsalOrder

Tell = Callable[[str], None]
POLL_SECONDS = 0.5
END_SECONDS = 10.0
_KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "TZ")


class RehearsalBrokeOff(Exception):
    """The program gave no result; `str(error)` says why, in a sentence."""


def rehearsal_program(order: RehearsalOrder, tell: Tell, *, seconds: float) -> RehearsalResult:
    """Run the rehearsal, at most so long. `tell` hears what it is doing; raises `RehearsalBrokeOff`."""
    with tempfile.TemporaryDirectory(prefix="sluice-rehearsal-") as folder:
        place = Path(folder)
        _write(place / "before", order.before)
        _write(place / "after", order.after)
        (place / "plan.json").write_text(json.dumps(order.plan), encoding="utf-8")
        scope = ("--team", order.team) if order.team is not None else ("--base",)
        command = [sys.executable, "-m", "deploy_engine", "rehearse", str(place / "before"), str(place / "after")]
        command += ["--env", order.environment, *scope, "--plan", str(place / "plan.json"), "--json"]
        command += ["--fault", order.fault] if order.fault else []
        return _result(_run(command, place, tell, seconds), place)


def _write(directory: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def _run(command: list[str], place: Path, tell: Tell, seconds: float) -> int:
    """Its exit code. It leads a group of its own, which is ended as a whole."""
    deadline = time.monotonic() + seconds
    with (place / "out").open("wb") as out, (place / "err").open("wb") as err:
        program = subprocess.Popen(  # noqa: S603 - the engine's own command
            command,
            cwd=place,
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            start_new_session=True,
        )
        told = ""
        try:
            while (code := program.poll()) is None:
                if time.monotonic() > deadline:
                    raise RehearsalBrokeOff(f"It took longer than {seconds / 60:g} minutes and was given up.")
                line = _last_line(place / "err")
                if line != told:
                    told = line
                    tell(line)
                time.sleep(POLL_SECONDS)
            return code
        finally:
            _end(program)


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return {**kept, "PYTHONPATH": str(Path(deploy_engine.__file__).parents[1]), "AWS_EC2_METADATA_DISABLED": "true"}


def _end(program: subprocess.Popen[bytes]) -> None:
    """The program and all that it started: asked first, then made to."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(program.pid, number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            program.wait(timeout=END_SECONDS)


def _result(code: int, place: Path) -> RehearsalResult:
    try:
        return RehearsalResult.from_json(json.loads((place / "out").read_text("utf-8")))
    except ValueError as error:
        said = _last_line(place / "err") or "it said nothing"
        raise RehearsalBrokeOff(f"It ended with {code} and without a result: {said}") from error


def _last_line(path: Path) -> str:
    lines = [line for line in path.read_text("utf-8", "replace").splitlines() if line.strip()]
    return lines[-1].strip() if lines else ""
