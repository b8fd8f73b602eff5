"""`python -m portal.demo.chaos`, which `make chaos` calls. KILLS=50 SEED=… AWS_SPEED=3"""

from __future__ import annotations

import os
import random
import shutil
import sys

import django

from portal.configuration import PROJECT_ROOT
from portal.demo.__main__ import only_one, say
from portal.demo.place import Place, free_port
from portal.demo.running import RunningSluice
from portal.demo.waiting import NeverReady
from portal.demo.watch import EndRequested, end_on_signals

DIRECTORY = PROJECT_ROOT / "var" / "chaos"
KILLS = 50
AWS_SPEED = 3.0
"""How many times faster than the clock the local AWS lives: short pauses, long enough to be struck in their midst."""


def main() -> int:
    """Start a Sluice of its own from nothing, in a folder and on ports of its own, and let chaos loose on it."""
    kills = int(os.environ.get("KILLS", KILLS))
    seed = int(os.environ.get("SEED", random.SystemRandom().randrange(10**6)))
    end_on_signals()
    with only_one(DIRECTORY):
        shutil.rmtree(DIRECTORY, ignore_errors=True)
        place = Place(
            directory=DIRECTORY,
            web_port=free_port(),
            aws_port=free_port(),
            broker_port=free_port(),
            database_port=free_port(),
            aws_speed=float(os.environ.get("AWS_SPEED", AWS_SPEED)),
        )
        say("chaos", f"SEED={seed} KILLS={kills}; this Sluice lives in {DIRECTORY.relative_to(PROJECT_ROOT)}.")
        for name in [name for name in os.environ if name.startswith(("AWS_", "SLUICE_"))]:
            del os.environ[name]
        os.environ.update(place.environment())
        try:
            with RunningSluice(place, say=say) as running:
                running.start("--without-history")
                django.setup()
                from portal.demo.chaos.run import chaos  # noqa: PLC0415 - it needs Django's models

                return chaos(running, kills=kills, seed=seed, say=say)
        except NeverReady as problem:
            say("chaos", str(problem))
            return 1
        except EndRequested:
            say("chaos", "Ended before it was through.")
            return 1


if __name__ == "__main__":
    sys.exit(main())
