"""Files stay small enough to be read in one go."""

from tests.meta.tracked_files import python_files, text_of

LINES = 300

# Longer ones, each with the reason why it reads better whole.
LONGER: dict[str, int] = {}


def test_python_files__every_one__is_at_most_300_lines() -> None:
    too_long = {
        str(path): lines
        for path in python_files("portal", "replication", "deploy_engine", "benchmarks", "tests")
        if (lines := len((text_of(path) or "").splitlines())) > LONGER.get(str(path), LINES)
    }

    assert too_long == {}


def test_longer_files__listed_here__are_still_longer() -> None:
    listed = {str(path): len((text_of(path) or "").splitlines()) for path in python_files("portal", "replication")}

    assert [name for name in LONGER if listed.get(name, 0) <= LINES] == []
