"""The command line as a person has it: a copy of the example company, streams that are kept, a clock that is moved."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from deploy_engine.cli.main import main
from deploy_engine.cli.output import Output
from deploy_engine.cli.surroundings import Surroundings
from deploy_engine.local_aws.testing import LocalAws
from deploy_engine.local_aws.timings import Timings

COMPANY = Path(__file__).parents[3] / "examples" / "company"
NOW = datetime(2026, 1, 5, 8, tzinfo=UTC)


@dataclass(frozen=True)
class Ran:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Ran]


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """A copy of the example company's config repository."""
    return Path(shutil.copytree(COMPANY, tmp_path / "config"))


@pytest.fixture
def run() -> Run:
    """Run a command at 2026-01-05 08:00 UTC."""

    def command(*arguments: object) -> Ran:
        out, err = io.StringIO(), io.StringIO()
        around = Surroundings(Output(out, err, {}), lambda: NOW)
        return Ran(main([str(argument) for argument in arguments], around), out.getvalue(), err.getvalue())

    return command


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalAws]:
    """A local AWS by the moved clock, with what the example company has before Sluice comes."""
    with LocalAws.start(timings=Timings(rows_per_second=1e9, change_files=1, rows_per_file=10**12)) as started:
        started.prepare_company(COMPANY, "local")
        monkeypatch.setenv("AWS_ENDPOINT_URL", started.endpoint_url)
        yield started


@pytest.fixture
def run_in_aws(aws: LocalAws) -> Run:
    """Run a command by the local AWS's clock: see ``by_clock_of``."""
    return by_clock_of(aws)


def by_clock_of(aws: LocalAws) -> Run:
    """Commands by the local AWS's clock: whenever a command waits, that clock is moved instead.

    With ``interrupted_after`` it is interrupted at its first wait after it has said that.
    """

    def command(*arguments: object, interrupted_after: str | None = None) -> Ran:
        out, err = io.StringIO(), io.StringIO()

        def sleep(seconds: float) -> None:
            if interrupted_after is not None and interrupted_after in out.getvalue():
                raise KeyboardInterrupt
            aws.advance(seconds)

        around = Surroundings(Output(out, err, {}), lambda: datetime.fromtimestamp(aws.clock.now(), UTC), sleep)
        return Ran(main([str(argument) for argument in arguments], around), out.getvalue(), err.getvalue())

    return command
