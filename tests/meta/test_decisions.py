"""Decision records are called by their number, so each has one of its own and says it first."""

import re
from collections import Counter
from pathlib import Path

from tests.meta.tracked_files import text_of, tracked_files

FOLDER = Path("docs/decisions")
NAME = re.compile(r"(\d{4})-[a-z0-9-]+\.md")


def _numbers() -> dict[Path, str]:
    """The number that each record's name begins with; empty where it has none."""
    records = [path for path in tracked_files() if path.parent == FOLDER]
    return {path: found[1] if (found := NAME.fullmatch(path.name)) else "" for path in records}


def test_decisions__every_record__has_a_number_of_its_own() -> None:
    numbers = _numbers()
    times = Counter(numbers.values())

    assert numbers
    assert [str(path) for path, number in numbers.items() if not number or times[number] > 1] == []


def test_decisions__every_record__says_its_number_in_its_title() -> None:
    untitled = [
        str(path)
        for path, number in _numbers().items()
        if not (text_of(path) or "").startswith(f"# {number.lstrip('0')}. ")
    ]

    assert untitled == []
