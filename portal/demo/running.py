"""A whole running Sluice: who is started when, and in which order all of it ends."""

import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from deploy_engine.adapters.git_repository import GitRepository
from portal.configuration import PROJECT_ROOT
from portal.demo import programs
from portal.demo.child import Child, Say
from portal.demo.database.running import FoodDatabase
from portal.demo.place import Place
from portal.demo.waiting import (
    NeverReady,
    broker_answers,
    page_is_fine,
    wait_until,
    with_last_lines,
    worker_took_heartbeat,
)

BROKER_READY_SECONDS = 20
AWS_READY_SECONDS = 60
PORTAL_READY_SECONDS = 90
STOP_SECONDS = 15

SEEDING_PACE = "20"
"""How briskly deployments are watched while nobody does: the local AWS is at its fastest then."""

NO_SETTINGS: Mapping[str, str] = {}


class RunningSluice:
    """The processes of one place. As a context manager it ends them all, whatever happened."""

    def __init__(self, place: Place, *, say: Say) -> None:
        self.place = place
        self._say = say
        self.broker = self._child("broker", programs.broker(place), say=None)
        self.food = FoodDatabase(place) if place.database_port is not None else None
        self.local_aws = self._child("aws", programs.local_aws(place), say=say)
        self.web = self._child("web", programs.web(place), say=say)
        self.worker = self._child("worker", programs.worker(), say=say)
        self.beat = self._child("beat", programs.beat(place), say=say)
        self.watchdog = self._child("watchdog", programs.watchdog(), say=say)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self, *seed_options: str) -> list[str]:
        """Start everything, each when what it needs is there; give what the seed printed. Raises `NeverReady`."""
        self.start_foundations()
        printed = self.seed(*seed_options)
        self.start_portal()
        return printed

    def start_foundations(self) -> None:
        """Start the broker, the real database if there is one, and the local AWS, side by side; wait for all."""
        self.place.directory.mkdir(parents=True, exist_ok=True)
        GitRepository(self.place.git_remote).init()
        self.broker.start()
        if self.food is not None:
            self.food.start()
        self.local_aws.start()
        wait_until(self.broker, lambda: broker_answers(self.place.broker_url), seconds=BROKER_READY_SECONDS)
        aws_health = f"{self.place.aws_url}/_sluice/health"
        wait_until(self.local_aws, lambda: page_is_fine(aws_health), seconds=AWS_READY_SECONDS)
        if self.food is not None:
            self.food.wait_until_filled()

    def seed(self, *options: str) -> list[str]:
        """Bring the database up to date and fill it if it is empty; give the lines that the seed printed."""
        self.manage("migrate", "--verbosity", "0")
        printed = self.manage("seed_demo", *options, settings={"SLUICE_DEPLOYMENT_PACE": SEEDING_PACE})
        self._seeded.touch()
        return printed

    def forget_unfinished_seed(self) -> bool:
        """Remove what a first start has left that was ended before its seed was; tell whether there was such."""
        unfinished = self.place.directory.exists() and not self._seeded.exists()
        if unfinished:
            shutil.rmtree(self.place.directory)
        return unfinished

    @property
    def _seeded(self) -> Path:
        return self.place.directory / "seeded"

    def start_portal(self) -> None:
        """Start web, worker, beat and watchdog, and wait until `/health/` says that work sent now will be done."""
        for child in (self.web, self.worker, self.beat, self.watchdog):
            child.start()
        wait_until(self.worker, lambda: worker_took_heartbeat(self.place.broker_url), seconds=PORTAL_READY_SECONDS)
        wait_until(self.web, lambda: page_is_fine(f"{self.place.url}/health/"), seconds=PORTAL_READY_SECONDS)

    def manage(self, *arguments: str, settings: Mapping[str, str] = NO_SETTINGS) -> list[str]:
        """Run one of Django's commands to its end and give its last lines. Raises `NeverReady` if it fails."""
        environment = {**self.place.environment(), **settings}
        command = Child(
            arguments[0], programs.manage(*arguments), environment=environment, directory=PROJECT_ROOT, say=None
        )
        command.start()
        try:
            code = command.wait()
        finally:
            command.kill()
        if code != 0:
            raise NeverReady(with_last_lines(command, f"`manage.py {' '.join(arguments)}` ended with code {code}."))
        return list(command.last_lines)

    def children(self) -> Iterable[Child]:
        """Give the lasting processes in the order in which they end: those first that use the others."""
        food = () if self.food is None else self.food.children()
        return (self.web, self.beat, self.watchdog, self.worker, self.local_aws, *food, self.broker)

    def stop(self) -> None:
        """End every process that was started; the last ones are the ones that others use."""
        for child in self.children():
            child.stop(seconds=STOP_SECONDS)

    def _child(self, name: str, command: programs.Command, *, say: Say | None) -> Child:
        return Child(name, command, environment=self.place.environment(), directory=PROJECT_ROOT, say=say)
