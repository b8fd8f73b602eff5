"""`manage.py reconcile`: the watchdog's pass in a process of its own, independent of the broker and the workers."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import close_old_connections

from replication.services.watchdog import Overdue, reconcile_once

PAUSE_SECONDS = 15.0


class Command(BaseCommand):
    """Takes up check runs, deployments, git exports and looks at AWS that are overdue."""

    help = "Do whatever is overdue, in this process; with --loop, again every 15 seconds until it is stopped."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Once, or on and on."""
        parser.add_argument("--loop", action="store_true", help="go on until stopped")

    def handle(self, *args: Any, **options: Any) -> None:
        """One pass, or one after the other."""
        self._say(reconcile_once())
        while options["loop"]:
            time.sleep(PAUSE_SECONDS)
            close_old_connections()
            self._say(reconcile_once())

    def _say(self, found: Overdue) -> None:
        self.stdout.write(
            f"Took up {len(found.check_runs)} check runs, {len(found.deployments)} deployments, "
            f"{'one' if found.git_export else 'no'} git export and {len(found.environments)} looks at AWS."
        )
