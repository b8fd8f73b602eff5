"""What a command takes from outside besides its arguments: tests hand it another clock and other streams."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from deploy_engine.adapters.clock import system_now
from deploy_engine.cli.output import Output


@dataclass(frozen=True)
class Surroundings:
    """``now`` is aware, in UTC; ``sleep`` takes seconds."""

    output: Output = field(default_factory=lambda: Output(sys.stdout, sys.stderr, os.environ))
    now: Callable[[], datetime] = system_now
    sleep: Callable[[float], None] = time.sleep
