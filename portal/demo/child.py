"""One process with all that it starts in turn: its output passed on line by line, its end certain."""

import collections
import contextlib
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

Say = Callable[[str, str], None]
"""Takes who speaks and one line."""

POLL_SECONDS = 0.05
LINES_KEPT = 30
LEFT_BEHIND_SECONDS = 2.0
"""How long what a program has started, and left behind, may take to end when asked."""


class Child:
    """A program in a session of its own, so that Ctrl-C reaches the starter alone, who ends things in order.

    Without `say` it is silent; its last lines are kept for when something is wrong with it.
    """

    def __init__(
        self, name: str, command: Sequence[str], *, environment: Mapping[str, str], directory: Path, say: Say | None
    ) -> None:
        self.name = name
        self._command = list(command)
        self._environment = dict(environment)
        self._directory = directory
        self._say = say
        self.last_lines: collections.deque[str] = collections.deque(maxlen=LINES_KEPT)
        self._process: subprocess.Popen[str] | None = None
        self._pump: threading.Thread | None = None

    @property
    def is_silent(self) -> bool:
        """Whether nobody has seen its lines yet."""
        return self._say is None

    @property
    def pid(self) -> int:
        """The process id, which is also its group's."""
        return self._running_process().pid

    def start(self) -> None:
        """Start the program, for the first time or again after its end."""
        self._process = subprocess.Popen(  # noqa: S603 - the commands are this package's own
            self._command,
            env=self._environment,
            cwd=self._directory,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        self._pump = threading.Thread(target=self._pass_output_on, args=(self._process,), daemon=True)
        self._pump.start()

    def exit_code(self) -> int | None:
        """Give the exit code, negative for a signal, or `None` while it runs."""
        return self._running_process().poll()

    def wait(self) -> int:
        """Wait for the program to end by itself and give its exit code."""
        code = self._running_process().wait()
        self._finish_output()
        return code

    def stop(self, *, seconds: float) -> None:
        """Ask the program to end its work and itself; what still runs after `seconds` is made to."""
        if self._process is None:
            return
        # Only the program is asked at first: a Celery worker lets its own processes finish what they have in hand.
        if self._process.poll() is None:
            self._process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(timeout=seconds)
        self._signal_group(signal.SIGTERM)
        deadline = time.monotonic() + LEFT_BEHIND_SECONDS
        while self._group_lives() and time.monotonic() < deadline:
            time.sleep(POLL_SECONDS)
        self.kill()

    def kill(self) -> None:
        """End the program and all that it started at once, as a power cut would."""
        if self._process is None:
            return
        self._signal_group(signal.SIGKILL)
        self._process.wait()
        self._finish_output()

    def _running_process(self) -> subprocess.Popen[str]:
        if self._process is None:
            message = f"{self.name} was never started"
            raise RuntimeError(message)
        return self._process

    def _signal_group(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, number)

    def _group_lives(self) -> bool:
        self._running_process().poll()  # reaps the leader, who would otherwise count as living
        try:
            os.killpg(self.pid, 0)
        except ProcessLookupError:
            return False
        return True

    def _finish_output(self) -> None:
        if self._pump is not None:
            self._pump.join(timeout=1)

    def _pass_output_on(self, process: subprocess.Popen[str]) -> None:
        if process.stdout is None:
            return
        with process.stdout as lines:
            for line in lines:
                self.last_lines.append(line.rstrip())
                if self._say is not None:
                    self._say(self.name, line.rstrip())
