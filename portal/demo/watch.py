"""Keeps a running Sluice running: what dies is said and started again, and the end comes when it is asked for."""

import signal
import threading
from collections import Counter
from types import FrameType

from portal.demo.child import Child, Say
from portal.demo.running import RunningSluice

LOOK_EVERY_SECONDS = 0.5
RESTARTS_PER_CHILD = 5
END_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class EndRequested(BaseException):
    """Somebody wants the demo to end; like `KeyboardInterrupt`, no ordinary handler may swallow it."""


def end_on_signals() -> None:
    """Turn Ctrl-C, a termination and a closed terminal into `EndRequested`, once; nothing cuts the clean end short."""

    def request_end(number: int, frame: FrameType | None) -> None:
        for name in END_SIGNALS:
            signal.signal(name, signal.SIG_IGN)
        raise EndRequested

    for name in END_SIGNALS:
        signal.signal(name, request_end)


def watch(running: RunningSluice, *, say: Say) -> int:
    """Look after the processes until `EndRequested`; give an exit code if going on makes no sense."""
    restarts: Counter[str] = Counter()
    pause = threading.Event()
    while not pause.wait(LOOK_EVERY_SECONDS):
        for child in running.children():
            code = child.exit_code()
            if code is None:
                continue
            broke = child is running.web and code >= 0  # it cannot serve; a signal is somebody else's doing
            if broke or restarts[child.name] >= RESTARTS_PER_CHILD:
                say("demo", f"{child.name} ended with {_in_words(code)}; the demo ends with it.")
                return 1
            restarts[child.name] += 1
            _restart(child, code, say=say)
    return 0


def _restart(child: Child, code: int, *, say: Say) -> None:
    say("demo", f"{child.name} ended with {_in_words(code)}; starting it again.")
    child.kill()  # what it had started itself must not live beside its successor
    child.start()


def _in_words(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
