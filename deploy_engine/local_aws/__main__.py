"""Runs the local AWS by itself until it is interrupted.

python -m deploy_engine.local_aws [--port 4566] [--host 127.0.0.1] [--speed N] [--state DIR]
                                  [--company DIR --env E [--secrets FILE]] [--account ID]
"""

import argparse
import json
import logging
import signal
import sys
import threading
import time
from pathlib import Path

from deploy_engine.local_aws import company, snapshot
from deploy_engine.local_aws.clock import WallClock
from deploy_engine.local_aws.gateway import Gateway
from deploy_engine.local_aws.server import LOOPBACK, Server
from deploy_engine.local_aws.timings import Timings
from deploy_engine.local_aws.world import World

log = logging.getLogger("local_aws")
PORT = 4566
SAVE_SECONDS = 15.0
SAVE_SHARE = 30.0
"""How many times longer than a save the pause after it is, at least: a large state is saved less often."""
DEFAULT_ACCOUNT = "123456789012"
USAGE_ERROR = 2


def main(arguments: list[str] | None = None) -> int:
    """Run until SIGINT or SIGTERM; return the exit code: 0, or 2 when the arguments do not fit."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.secrets and not options.company:
        parser.error("--secrets needs --company")
    logging.basicConfig(level=logging.INFO, format="%(asctime)s local-aws %(message)s", stream=sys.stderr)
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    try:
        named = company.read(options.company, options.env) if options.company else None
        given = json.loads(options.secrets.read_text("utf-8")) if options.secrets else {}
    except (OSError, ValueError, KeyError) as error:
        log.critical("the company's config or its secrets cannot be read: %s", error)
        return USAGE_ERROR
    account = options.account or (named.account if named else DEFAULT_ACCOUNT)
    world = World(WallClock(options.speed), Timings(), account)
    world.keeps_state = bool(options.state)
    if options.state:
        log.info("%s", snapshot.restore(world, options.state))
    if named:
        with world.lock:
            company.prepare(world, named)
            company.put_secrets(world, named.region, given)
    stopping = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopping.set())
    try:
        server = Server(Gateway(world), options.host, options.port)
    except (OSError, SystemExit) as error:
        log.critical("port %d cannot be used: %s", options.port, error)
        return USAGE_ERROR
    with server:
        log.info("ready at %s, account %s, speed %g", server.endpoint_url, account, options.speed)
        pause = SAVE_SECONDS
        while not stopping.wait(pause):
            if options.state:
                began = time.monotonic()
                snapshot.save(world, options.state)
                pause = max(SAVE_SECONDS, SAVE_SHARE * (time.monotonic() - began))
    if options.state:
        snapshot.save(world, options.state)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m deploy_engine.local_aws", description="An AWS on this machine.")
    parser.add_argument("--port", type=int, default=PORT, help="0 takes a free one")
    parser.add_argument("--host", default=LOOPBACK)
    parser.add_argument("--speed", type=_speed, default=1.0, help="how many times as fast time passes")
    parser.add_argument("--state", type=Path, help="keep the state in this directory over restarts")
    parser.add_argument("--company", type=Path, help="a config repository whose surroundings to create")
    parser.add_argument("--env", default="local", help="the environment of --company")
    parser.add_argument("--secrets", type=Path, help="a JSON file: what secrets of --company hold, by their names")
    parser.add_argument("--account", help="the account id, 12 digits")
    return parser


def _speed(text: str) -> float:
    value = float(text)
    if value <= 0:
        raise argparse.ArgumentTypeError("must be above zero")
    return value


if __name__ == "__main__":
    sys.exit(main())
