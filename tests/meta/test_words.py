"""What must not stand in the repository: promises of later work, one machine's paths, names of package registries."""

import ast
import re
from pathlib import Path

import pytest

from tests.meta.tracked_files import PRODUCT, python_files, text_of, tracked_files

HERE = Path("tests/meta/test_words.py")
LATER = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
MACHINE_PATH = re.compile(r"(?<![\w.$}>])/(work|root|home/\w+|Users/\w+|tmp)/")
REGISTRY = re.compile(r"pypi\.org|pythonhosted\.org|registry\.npmjs|(extra-)?index-url|trusted-host", re.IGNORECASE)

# Starting a task this way begins it from scratch and overwrites what its tables have in the lake.
RELOADING = re.compile(r"reload-target|ReloadTables|reload_tables")


def _lines_with(pattern: re.Pattern[str], paths: tuple[Path, ...]) -> list[str]:
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


def _code_alone(path: Path) -> str:
    """Give a Python file's code without comments and docstrings, which may well warn of what the code must not do."""
    tree = ast.parse(text_of(path) or "")
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            node.value = ast.Constant("")
    return ast.unparse(tree)


def test_product_code__restart_from_scratch__does_not_occur() -> None:
    product = (path for path in python_files(*PRODUCT) if "local_aws" not in path.parts)

    assert [str(path) for path in product if RELOADING.search(_code_alone(path))] == []
