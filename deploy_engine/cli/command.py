"""What a command is: its name, its arguments, and what it does."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass

from deploy_engine.cli.surroundings import Surroundings


@dataclass(frozen=True)
class Command:
    """``run`` returns the exit code; it may raise ``EngineError``, which ``main`` turns into words and a code."""

    name: str
    summary: str
    arguments: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace, Surroundings], int]
