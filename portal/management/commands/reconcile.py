"""`manage.py reconcile`: the watchdog in a process of its own, independent of the broker and the workers."""

import contextlib
import signal
import sys
import threading
from argparse import ArgumentParser
from collections.abc import Callable
from types import FrameType
from typing import Any

import structlog
from django.core.management.base import BaseCommand
from django.db import close_old_connections

from replication.choices import WatchdogPart
from replication.configuration import watchdog_seconds
from replication.services.signs_of_life import sign_of_life_give
from replication.services.watchdog import Overdue, Watchdog, alarms_watch, reconcile_once

END_SECONDS = 1.5
"""A tick in hand may take so long once the watchdog is told to end; then it is broken off, and gives its lease back."""

AFTER_TROUBLE_SECONDS = 2.0
"""A database that is away or locked is tried again after so long."""

log = structlog.get_logger(__name__)


class Command(BaseCommand):
    """Takes up check runs, deployments, git exports and looks at AWS that are overdue, and what stands still."""

    help = "Do whatever is overdue, in this process; with --loop, again every 15 seconds until it is stopped."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Once, or on and on."""
        parser.add_argument("--loop", action="store_true", help="go on until stopped")
        parser.add_argument("--every", type=float, default=0.0, help="seconds between two rounds of the loop")

    def handle(self, *args: Any, **options: Any) -> None:
        """One pass, or round after round."""
        if not options["loop"]:
            self._say(reconcile_once())
            alarms_watch()
            for part in WatchdogPart:
                sign_of_life_give(part=part)
            return
        stopping = threading.Event()
        _end_on(signal.SIGTERM, stopping)
        _end_on(signal.SIGINT, stopping)
        watchdog = Watchdog(every=options["every"] or watchdog_seconds(), stopping=stopping)
        for work in (watchdog.alarm, watchdog.run_errands):
            threading.Thread(target=_again_and_again, args=(work, stopping), daemon=True).start()
        _again_and_again(watchdog.follow, stopping)

    def _say(self, found: Overdue) -> None:
        self.stdout.write(
            f"Took up {len(found.check_runs)} check runs, {len(found.deployments)} deployments, "
            f"{'one' if found.git_export else 'no'} git export and {len(found.environments)} looks at AWS."
        )


def _again_and_again(work: Callable[[], None], stopping: threading.Event) -> None:
    """Whatever goes wrong in a round, the next one comes: a watchdog that dies of what it watches is none."""
    while not stopping.is_set():
        with contextlib.suppress(Exception):
            close_old_connections()
        try:
            work()
        except Exception:
            log.exception("watchdog.round_broke_off")
            stopping.wait(AFTER_TROUBLE_SECONDS)


def _end_on(number: signal.Signals, stopping: threading.Event) -> None:
    def end(_number: int, _frame: FrameType | None) -> None:
        stopping.set()
        signal.signal(signal.SIGALRM, _break_off)
        signal.setitimer(signal.ITIMER_REAL, END_SECONDS)

    signal.signal(number, end)


def _break_off(_number: int, _frame: FrameType | None) -> None:
    sys.exit(0)
