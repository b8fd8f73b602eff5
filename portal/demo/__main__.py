"""`python -m portal.demo`, which `make demo` calls: from nothing to a portal that one can sign in to."""

import argparse
import fcntl
import os
import shutil
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from portal.configuration import PROJECT_ROOT
from portal.demo.place import Place, free_port, is_free
from portal.demo.running import RunningSluice
from portal.demo.waiting import NeverReady
from portal.demo.watch import EndRequested, end_on_signals, watch

DIRECTORY = PROJECT_ROOT / "var" / "demo"
DEFAULT_WEB_PORT = 8000
DEFAULT_AWS_PORT = 4566

_printing = threading.Lock()


class CannotStart(Exception):
    """Something outside stands in the way; the message says what, and the remedy."""


def say(name: str, line: str) -> None:
    """Print one line of one process."""
    with _printing:
        sys.stdout.write(f"{name:>9} | {line}\n")
        sys.stdout.flush()


def main() -> int:
    """Run the demo, or forget its data; give the exit code."""
    parser = argparse.ArgumentParser(prog="python -m portal.demo", description=__doc__)
    parser.add_argument("--reset", action="store_true", help="forget everything that the demo has kept, and end")
    arguments = parser.parse_args()
    try:
        with only_one(DIRECTORY):
            if arguments.reset:
                return reset()
            return run(place_from_environment())
    except (CannotStart, NeverReady) as problem:
        for line in str(problem).splitlines():
            say("demo", line)
        return 1


def place_from_environment() -> Place:
    """Read `PORT` and `AWS_PORT`. Raises `CannotStart` if one is taken."""
    web_port = _port("PORT", DEFAULT_WEB_PORT)
    aws_port = _port("AWS_PORT", DEFAULT_AWS_PORT)
    for variable, port, what in (("PORT", web_port, "the portal"), ("AWS_PORT", aws_port, "the local AWS")):
        if not is_free(port):
            message = (
                f"Port {port}, for {what}, is in use by another program. End that one, or choose another port: "
                f"`make demo {variable}={port + 1}`."
            )
            raise CannotStart(message)
    return Place(
        directory=DIRECTORY, web_port=web_port, aws_port=aws_port, broker_port=free_port(), database_port=free_port()
    )


def _port(variable: str, default: int) -> int:
    text = os.environ.get(variable, str(default))
    if not text.isdecimal() or not 0 < int(text) < 2**16:
        message = f"{variable}={text} is no port; it must be a number from 1 to 65535."
        raise CannotStart(message)
    return int(text)


@contextmanager
def only_one(directory: Path) -> Iterator[None]:
    """Hold the folder for this process alone, until it ends however it ends. Raises `CannotStart`."""
    directory.parent.mkdir(parents=True, exist_ok=True)
    with directory.with_suffix(".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            message = "A demo is already running from this folder. End it with Ctrl-C where it was started."
            raise CannotStart(message) from error
        yield


def reset() -> int:
    """Remove everything that the demo has kept."""
    if DIRECTORY.exists():
        shutil.rmtree(DIRECTORY)
    say("demo", "Everything that the demo had kept is gone; `make demo` starts over.")
    return 0


def run(place: Place) -> int:
    """Start everything, say where it is, and look after it until it is ended."""
    end_on_signals()
    try:
        with RunningSluice(place, say=say) as running:
            if running.forget_unfinished_seed():
                say("demo", "The first start was ended before it was through: starting over.")
            say("demo", "Starting the broker, the food team's database and the local AWS.")
            running.start_foundations()
            say("demo", "Preparing the database. The first time, the example company is deployed to the local AWS.")
            printed = running.seed()
            say("demo", "Starting the portal, its worker and its clock.")
            running.start_portal()
            welcome(place, printed)
            try:
                return watch(running, say=say)
            finally:
                say("demo", "Ending everything.")
    except EndRequested:
        say("demo", "Ended. The data is kept; `make demo` continues, `make demo-reset` starts over.")
        return 0


def welcome(place: Place, printed: list[str]) -> None:
    """Say where to sign in and, in the seed's own words, as whom."""
    say("demo", "")
    for line in printed:
        say("demo", line)
    say("demo", "")
    say("demo", f"Sluice runs at {place.url}  (health: {place.url}/health/, local AWS: {place.aws_url})")
    say("demo", "Ctrl-C ends it.")


if __name__ == "__main__":
    sys.exit(main())
