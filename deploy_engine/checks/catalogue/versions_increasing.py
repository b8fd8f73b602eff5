"""``versions.increasing``: a new version is higher than any the table ever had, and a retired one never returns.

Held against the ledger and against what is deployed, since a folder that was written once must not be written again.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from deploy_engine.checks.case import Case
from deploy_engine.checks.check import Check, Example
from deploy_engine.checks.places import task_place
from deploy_engine.checks.sample import BARCODES, sample_case, sample_subject, sample_task
from deploy_engine.config import Subject, TableEntry, VersionState, next_version, version_time
from deploy_engine.findings import Finding, Status

ID = "versions.increasing"
AHEAD = timedelta(minutes=10)
"""How far a new version may lie ahead of the clock: room for several reloads within one minute."""


def _recorded(subject: Subject, identity: str) -> dict[str, VersionState]:
    """Every version of the table in the environment's ledgers; active wins where two teams record it."""
    recorded: dict[str, VersionState] = {}
    for team in subject.environment.teams.values():
        for version, state in team.ledger.root.get(identity, {}).items():
            if recorded.get(version) is not VersionState.ACTIVE:
                recorded[version] = state
    return recorded


def _deployed(case: Case) -> dict[str, set[str]]:
    """The versions of each table that the deployed tasks write."""
    versions: dict[str, set[str]] = {}
    for task in case.difference.tasks.values() if case.difference else ():
        for table in task.before:
            versions.setdefault(table.identity, set()).add(table.version)
    return versions


def _problem(case: Case, entry: TableEntry, deployed: set[str]) -> tuple[str, str] | None:
    """What is wrong with the entry's version, and what is allowed."""
    recorded = _recorded(case.subject, entry.source)
    retired = recorded.get(entry.version) is VersionState.RETIRED
    if not retired and (entry.version in recorded or entry.version in deployed):
        return None
    known = recorded.keys() | deployed
    offered = next_version(case.now, known)
    if retired:
        return f"{entry.version} of {entry.source} is retired, and a retired version never returns", offered
    highest = max(known, default="")
    if entry.version < highest:
        return f"{entry.version} of {entry.source} is not higher than {highest}, which the table had", offered
    if entry.version != offered and version_time(entry.version) > case.now + AHEAD:
        return f"{entry.version} of {entry.source} lies more than ten minutes ahead of the clock", offered
    return None


def _run(case: Case) -> Iterator[Finding]:
    if case.subject.is_base:
        return
    deployed = _deployed(case)
    for name, task in case.subject.team.document.tasks.items():
        for index, entry in enumerate(task.tables):
            problem = _problem(case, entry, deployed.get(entry.source, set())) if entry.active else None
            if problem is not None:
                message, offered = problem
                place = task_place(case.subject, name, f"/tables/{index}/version")
                allowed = f"{offered}, or another version above every earlier one and not ahead of the clock"
                remedy = f"use {offered}"
                yield Finding(ID, Status.FAILED, message, place.file, place.pointer, remedy, entry.version, allowed)


_LEDGER = {BARCODES[0]: {"v202008040000": "retired", BARCODES[1]: "active"}}

CHECK = Check(
    id=ID,
    title="Versions only go up",
    severity=Status.FAILED,
    remedy="use the version that the finding offers: the current minute, or one above the table's last version",
    run=_run,
    good=Example(
        "a table at its active version, above a retired one", lambda: _run(sample_case(sample_subject(ledger=_LEDGER)))
    ),
    bad=Example(
        "a table that returns under its retired version",
        lambda: _run(
            sample_case(sample_subject({"foodsearch": sample_task(((BARCODES[0], "v202008040000"),))}, ledger=_LEDGER))
        ),
    ),
)
