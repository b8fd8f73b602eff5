"""Where one running Sluice keeps its things and listens, and the environment that its processes get from that."""

import os
import socket
from dataclasses import dataclass, field
from pathlib import Path

from portal.configuration import PROJECT_ROOT

LOOPBACK = "127.0.0.1"

# The demo must never reach a real account: whatever the shell knows about AWS stays outside, and nothing else is found.
# The engine brings stand-in credentials for the local AWS, and for nobody else.
NO_AWS_CREDENTIALS = {
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
}


# The local AWS costs nothing and answers at once, so that somebody who watches need not wait between two looks.
OBSERVE_SECONDS = "4"
WATCHDOG_SECONDS = "5"
DEPLOYMENT_PACE = "5"

# Celery warns of it at every start; on one's own machine, and in a container, it is what one does.
WORKER_AS_ROOT = "ignore:You're running the worker with superuser privileges:Warning"


@dataclass(frozen=True)
class Place:
    """One folder and its ports; two places do not touch each other."""

    directory: Path
    web_port: int
    aws_port: int
    broker_port: int
    aws_speed: float = 1.0
    """How many times faster than the clock the local AWS lives."""
    database_port: int | None = None
    """Where the food team's real database listens; without one, all sources are invented."""
    settings: dict[str, str] = field(default_factory=dict)
    """Further environment variables for every process."""

    @property
    def url(self) -> str:
        """The portal's address, without a slash at the end."""
        return f"http://{LOOPBACK}:{self.web_port}"

    @property
    def aws_url(self) -> str:
        """The local AWS's address; S3's path style needs `localhost` there in template URLs."""
        return f"http://{LOOPBACK}:{self.aws_port}"

    @property
    def broker_url(self) -> str:
        """The broker's address, as Celery takes it."""
        return f"redis://{LOOPBACK}:{self.broker_port}/0"

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return self.directory / "sluice.sqlite3"

    @property
    def git_repository(self) -> Path:
        """The bare repository that revisions are committed to."""
        return self.directory / "company.git"

    @property
    def git_remote(self) -> Path:
        """The bare repository that plays the git server: it is pushed to, and proposal branches are read from it."""
        return self.directory / "remote.git"

    @property
    def secrets_file(self) -> Path:
        """What the local AWS's Secrets Manager holds of the real database."""
        return self.directory / "secrets.json"

    def environment(self) -> dict[str, str]:
        """Give what every process of this place runs under."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "SLUICE_"))}
        return {
            **inherited,
            **NO_AWS_CREDENTIALS,
            "AWS_ENDPOINT_URL": self.aws_url,
            "DJANGO_SETTINGS_MODULE": "portal.settings",
            "PYTHONPATH": str(PROJECT_ROOT),
            "PYTHONUNBUFFERED": "1",
            "PYTHONWARNINGS": WORKER_AS_ROOT,
            "SLUICE_MODE": "demo",
            "SLUICE_VAR_DIRECTORY": str(self.directory),
            "SLUICE_BROKER_URL": self.broker_url,
            "SLUICE_GIT_REMOTE": str(self.git_remote),
            "SLUICE_OBSERVE_SECONDS": OBSERVE_SECONDS,
            "SLUICE_WATCHDOG_SECONDS": WATCHDOG_SECONDS,
            "SLUICE_DEPLOYMENT_PACE": DEPLOYMENT_PACE,
            "SLUICE_LOG_FORMAT": "console",
            "SLUICE_LOG_LEVEL": "WARNING",
            **self.settings,
        }


def free_port() -> int:
    """Give a port of this machine that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def is_free(port: int) -> bool:
    """Tell whether a server could listen on the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # what a server that has just ended leaves behind
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True
