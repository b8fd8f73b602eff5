"""Tests say what is tested, in which situation, and what comes out: `test_<unit>__<situation>__<outcome>`."""

import ast
import re

from tests.meta.tracked_files import python_files, text_of

FORM = re.compile(r"test(_[a-z0-9]+)+__[a-z0-9_]+__[a-z0-9_]+")


def test_tests__every_name__has_unit_situation_and_outcome() -> None:
    badly_named = [
        f"{path}:{node.lineno}: {node.name}"
        for path in python_files("tests")
        for node in ast.walk(ast.parse(text_of(path) or ""))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.name.startswith("test")
        and not FORM.fullmatch(node.name)
    ]

    assert badly_named == []
