"""What must not stand in the repository: promises of later work, one machine's paths, names of package registries."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.meta.tracked_files import PRODUCT, python_files, text_of, tracked_files

HERE = Path("tests/meta/test_words.py")
LATER = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
MACHINE_PATH = re.compile(r"(?<![\w.$}>])/(work|root|home/\w+|Users/\w+|tmp)/")
REGISTRY = re.compile(r"pypi\.org|pythonhosted\.org|registry\.npmjs|(extra-)?index-url|trusted-host", re.IGNORECASE)

# Starting a task this way begins it from scratch and overwrites what its tables have in the lake.
RELOADING = re.compile(r"reload-target|ReloadTables|reload_tables")


def _lines_with(pattern: re.Pattern[str], paths: Iterator[Path] | tuple[Path, ...]) -> list[str]:
    return [
        f"{path}:{number}: {line.strip()}"
        for path in paths
        if path != HERE
        for number, line in enumerate((text_of(path) or "").splitlines(), start=1)
        if pattern.search(line)
    ]


@pytest.mark.parametrize("pattern", [LATER, MACHINE_PATH, REGISTRY], ids=["later", "machine-path", "registry"])
def test_tracked_files__forbidden_words__do_not_occur(pattern: re.Pattern[str]) -> None:
    assert _lines_with(pattern, tracked_files()) == []


def test_product_code__restart_from_scratch__does_not_occur() -> None:
    product = (path for path in python_files(*PRODUCT) if "local_aws" not in path.parts)

    assert _lines_with(RELOADING, product) == []
