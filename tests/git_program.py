"""git as it is installed, for tests that ask whether it agrees; nobody's own configuration is read."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path


def git(*arguments: str, folder: Path, given: bytes = b"") -> bytes:
    """Run git in `folder`; `given` is its standard input, and what it printed is the result."""
    program = shutil.which("git")
    assert program is not None
    nobodys = {"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1", "HOME": str(folder)}
    command = [program, "-C", str(folder), *arguments]
    done = subprocess.run(command, check=True, capture_output=True, input=given, env=nobodys)  # noqa: S603 - fixed argv
    return done.stdout
