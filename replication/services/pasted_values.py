"""What was read from a pasted list."""

from __future__ import annotations

from dataclasses import dataclass

from deploy_engine.findings import Finding


@dataclass(frozen=True)
class PastedEntry:
    """A line for the domain, `schema/table version`, and the line of the pasted text (from 0) that it comes from."""

    line: int
    text: str


@dataclass(frozen=True)
class PastedTables:
    """Entries, and what could not be read; the pointer of a finding is `/pasted/<line, from 0>`."""

    entries: tuple[PastedEntry, ...]
    findings: tuple[Finding, ...] = ()
