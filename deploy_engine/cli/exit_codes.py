"""How commands end: scripts rely on these (docs/command-line.md)."""

from __future__ import annotations

OK = 0
FINDINGS = 1
"""The config does not fit; or a deployment was refused, or failed with every task as it should be."""

USAGE = 2
UNREACHABLE = 3
"""Nothing is known to be wrong, but AWS did not answer, so not every check could run."""

NEEDS_A_PERSON = 4
"""A deployment ended with something left that only a person can decide."""
