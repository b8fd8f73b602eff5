"""No key and no password stands in a file of the repository."""

from __future__ import annotations

import re

from deploy_engine.config.secret_shapes import SHAPES
from tests.meta.tracked_files import text_of, tracked_files

A_NAME_AND_A_VALUE = "a password"
"""In a program that is any assignment; `ruff` looks at those (S105 to S107)."""

PROGRAMS = frozenset({".py", ""})
SAYS_WHAT_IT_IS = re.compile(r"://[^\s/:@]*:(?:password|hunter2|canary-password|p%40ss|…|\{[\w.]+\})@")
"""Addresses of examples and tests."""


def test_repository__every_file__holds_nothing_with_the_shape_of_a_secret() -> None:
    found = [
        f"{path}:{number}: {kind}"
        for path in tracked_files()
        for number, line in enumerate((text_of(path) or "").splitlines(), 1)
        for kind, shape in SHAPES.items()
        if not (kind == A_NAME_AND_A_VALUE and path.suffix in PROGRAMS)
        if shape.search(line) and not SAYS_WHAT_IT_IS.search(line)
    ]
    assert found == [], "put what only looks like a secret together where it is used, as in secrets_made.py"
