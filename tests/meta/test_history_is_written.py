"""Services save row by row: Django's bulk writes and `QuerySet.update` would leave no history."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.meta.tracked_files import python_files, text_of

WITHOUT_HISTORY = {"update", "bulk_create", "bulk_update", "abulk_create", "abulk_update", "aupdate"}


def _calls_without_history(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(text_of(path) or "")):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WITHOUT_HISTORY:
            yield f"{path}:{node.lineno}: .{node.func.attr}(…); save row by row, and merge dictionaries with |="


def test_services__writing__leave_history() -> None:
    services = [path for path in python_files("replication") if path.parts[1] == "services"]

    assert [call for path in services for call in _calls_without_history(path)] == []
