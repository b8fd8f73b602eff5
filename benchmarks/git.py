"""Git out: a whole company in one commit beside git's own `add` and `commit`, and one merge's commit into it.

`python -m benchmarks.git [TEAMS] [TABLES]`. Processor time of this process, and of git's processes for the peer.
"""

from __future__ import annotations

import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.companies import fleet
from benchmarks.measuring import HEADER, Measurement
from deploy_engine.adapters.git_repository import GitRepository

TEAMS, TABLES = 1_000, 200
ROUNDS = 3
MERGES = 30
SLUICE = ("Sluice", "sluice@localhost")
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
TASK = "environments/local/teams/team0000/tasks/first.json"


def main() -> None:
    """Measure, print."""
    teams, tables = (int(text) for text in sys.argv[1:3]) if len(sys.argv) > 2 else (TEAMS, TABLES)
    files = fleet(teams, tables)
    size = sum(len(text) for text in files.values()) / 1e6
    sys.stdout.write(f"{HEADER}\n")
    with tempfile.TemporaryDirectory() as folder:
        ours = statistics.median(_spent(lambda: _commit_all(Path(folder), files)) for _ in range(ROUNDS))
        peer = statistics.median(_by_git(Path(folder), files) for _ in range(ROUNDS))
        title = f"a company of {teams:,} teams × {tables} tables ({size:.1f} MB) in one commit"
        _say(Measurement(title, "`git add -A && git commit`", ours, peer, 1.5))
        again = _spent(lambda: _commit_all(Path(folder), files, fresh=False))
        _say(Measurement("the same again: no commit is made", "the first", again, ours, None))
        _say(Measurement("one merge's commit into it", "30 ms", _merges(Path(folder), files[TASK]), 0.030, 1.0))


def _say(measurement: Measurement) -> None:
    sys.stdout.write(f"{measurement.as_row()}\n")
    sys.stdout.flush()


def _spent(work: Callable[[], object]) -> float:
    begin = time.process_time()
    work()
    return time.process_time() - begin


def _commit_all(folder: Path, files: dict[str, str], *, fresh: bool = True) -> None:
    place = folder / "ours.git"
    if fresh:
        shutil.rmtree(place, ignore_errors=True)
    repository = GitRepository(place)
    repository.init()
    repository.commit(files, author=SLUICE, committer=SLUICE, message="All", at=NOON)


def _merges(folder: Path, text: str) -> float:
    """The median of commits that each change one line of one task."""
    repository = GitRepository(folder / "ours.git")
    spent = []
    for number in range(MERGES):
        changed = text.replace("table_00001", f"table_9{number:04}")
        files: dict[str, str | None] = {TASK: changed}

        def commit(files: dict[str, str | None] = files, number: int = number) -> None:
            repository.commit(files, author=SLUICE, committer=SLUICE, message=f"Merge {number}", at=NOON)

        spent.append(_spent(commit))
    return statistics.median(spent)


def _by_git(folder: Path, files: dict[str, str]) -> float:
    """Processor time of git itself, for files that lie there already."""
    git = shutil.which("git")
    if git is None:
        raise FileNotFoundError("git is not installed")
    place = folder / "theirs"
    shutil.rmtree(place, ignore_errors=True)
    for path, text in files.items():
        target = place / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
    identity = ["-c", "user.name=Sluice", "-c", "user.email=sluice@localhost", "-c", "gc.auto=0"]
    subprocess.run([git, "init", "-q", str(place)], check=True)  # noqa: S603 - fixed argv
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    for arguments in (["add", "-A"], ["commit", "-q", "-m", "All"]):
        subprocess.run([git, *identity, "-C", str(place), *arguments], check=True)  # noqa: S603 - fixed argv
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    main()
