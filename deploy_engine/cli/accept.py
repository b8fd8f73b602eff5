"""``accept``: writes ledgers and rendered templates, for a config repository that is used without the portal."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from datetime import datetime

from deploy_engine.adapters.config_directory import read_directory, write_directory
from deploy_engine.adapters.verdict import judge
from deploy_engine.cli.command import Command
from deploy_engine.cli.exit_codes import OK
from deploy_engine.cli.output import Style
from deploy_engine.cli.render import rendered_or_refused
from deploy_engine.cli.scopes import add_directory, load_company, subjects_of
from deploy_engine.cli.surroundings import Surroundings
from deploy_engine.config import Company, Subject, canonical_ledger
from deploy_engine.config.repository import ledger_path
from deploy_engine.errors import InvalidConfig
from deploy_engine.findings import Status

RENDERED = "rendered/"


def rendered_path(subject: Subject) -> str:
    """Where a scope's template stands in the config repository."""
    return f"{RENDERED}{subject.environment_name}/{subject.team_slug or 'base'}.template.json"


def _refuse_unfit(subjects: tuple[Subject, ...], now: datetime) -> None:
    verdicts = (judge(subject, None, now=now, offline=True) for subject in subjects)
    failed = [finding for verdict in verdicts for finding in verdict.findings if finding.status is Status.FAILED]
    if failed:
        raise InvalidConfig(list(dict.fromkeys(failed)))


def accepted_files(company: Company, present: Mapping[str, str], now: datetime) -> dict[str, str | None]:
    """What accepting writes, path to text; None for a template whose scope is gone. Raises :class:`InvalidConfig`."""
    subjects = subjects_of(company, None, None)
    _refuse_unfit(subjects, now)
    files: dict[str, str | None] = {path: None for path in present if path.startswith(RENDERED)}
    for subject in subjects:
        files[rendered_path(subject)] = rendered_or_refused(subject, now).text
        if subject.is_base:
            continue
        ledger = subject.team.ledger.after(entry for _, entry in subject.team.document.entries)
        if ledger.root:
            files[ledger_path(subject.environment_name, subject.team.slug)] = canonical_ledger(ledger)
    return files


def _arguments(parser: argparse.ArgumentParser) -> None:
    add_directory(parser)


def _run(arguments: argparse.Namespace, around: Surroundings) -> int:
    company = load_company(arguments.directory)
    files = accepted_files(company, read_directory(arguments.directory), around.now())
    written = write_directory(arguments.directory, files)
    for path in written:
        around.output.line(path)
    if not written:
        around.output.line("Nothing to write: ledgers and templates are as accepted.", Style.GOOD)
    return OK


ACCEPT = Command(
    "accept", "Write ledgers and rendered templates into DIR, for use without the portal.", _arguments, _run
)
