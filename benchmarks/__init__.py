"""How fast the engine is, always as a ratio to something everybody knows, measured beside it on the same machine.

`make bench` prints a table for `docs/measurements.md`. Seconds differ from machine to machine; ratios hardly do.
"""
