"""`python -m benchmarks`, which `make bench` calls: prints the table of measurements."""

import sys

from benchmarks import engine, pauses, portal
from benchmarks.measuring import HEADER


def main() -> None:
    """Run every benchmark and print its line as soon as it is there."""
    sys.stdout.write(f"{HEADER}\n")
    for benchmark in (*engine.BENCHMARKS, *pauses.BENCHMARKS, *portal.BENCHMARKS):
        for measurement in benchmark():
            sys.stdout.write(f"{measurement.as_row()}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
