"""The import rules of the architecture hold; they are written as contracts in `pyproject.toml`."""

import os
import subprocess
import sys
from pathlib import Path

from tests.meta.tracked_files import ROOT


def test_import_rules__whole_code__are_kept() -> None:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache", "--no-logo"]

    # A process of its own: the graph is built by importing nothing, but its libraries log and warn as they please.
    result = subprocess.run(  # noqa: S603 - the environment's own command
        command, cwd=ROOT, env={**os.environ, "NO_COLOR": "1"}, capture_output=True, text=True, check=False
    )

    assert result.returncode == 0, result.stdout + result.stderr
