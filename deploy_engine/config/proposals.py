"""A branch as a proposal: which scopes its files are of, and what each would be; pure, whoever read the branch.

A proposal says what the config should be. What Sluice writes by itself (the ledger, the rendered templates, the
format) is no part of it, and neither is anything else that lies in the repository.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from deploy_engine.config.canonical import canonical_json
from deploy_engine.config.company import BaseDocument, Document, document_to_json
from deploy_engine.config.problems import CHECK
from deploy_engine.config.repository import (
    FORMAT,
    FORMAT_FILE,
    LEDGER_PLACE,
    TASK_PLACE,
    FormatFile,
    environment_path,
    fits_place,
    parse_company,
    team_folder,
)
from deploy_engine.findings import Finding, Status

Files = Callable[[str], Mapping[str, str | None]]
"""The files under a folder, or the one of a path; None for what is no text in UTF-8."""

_ENVIRONMENT_PLACE = re.compile(r"environments/([^/]+)/environment\.json")
_TEAM_PLACE = re.compile(r"environments/([^/]+)/teams/([^/]+)/team\.json")
_SLUICES_OWN = (
    (re.compile(r"rendered/.*"), "a rendered template is changed by hand", "change the config; Sluice renders it"),
    (LEDGER_PLACE, "the ledger of versions is changed by hand", "leave it: Sluice writes it at the merge"),
    (re.compile(re.escape(FORMAT_FILE)), "the repository's format is changed by hand", "leave it as it is on main"),
)
_LONGEST_PATH = 300
MOST_SCOPES = 50
"""Each becomes a change request of its own, with checks, a plan and reviewers."""


@dataclass(frozen=True)
class FileChange:
    """A file that a branch adds, changes or removes; `fits`: it is a plain file, neither a link nor to be run."""

    path: str
    is_there: bool
    fits: bool


@dataclass(frozen=True)
class ScopeProposal:
    """One scope before and after, as documents in JSON; `before` is empty where it was not there. Base: no team."""

    environment: str
    team: str | None
    before: Mapping[str, Any]
    after: Mapping[str, Any]


@dataclass(frozen=True)
class ProposalReading:
    """What a branch proposes, scope by scope; none of it counts where there is any finding."""

    scopes: tuple[ScopeProposal, ...]
    findings: tuple[Finding, ...]


def read_proposal(changes: Iterable[FileChange], before: Files, after: Files) -> ProposalReading:
    """Read the scopes that `changes` touch, on both sides; every finding says its file, and its place there."""
    findings: list[Finding] = []
    touched: dict[tuple[str, str], None] = {}
    for change in changes:
        scope = _scope_of(change)
        if isinstance(scope, Finding):
            findings.append(scope)
        else:
            touched[scope] = None
    if len(touched) > MOST_SCOPES:
        message = f"the branch changes {len(touched)} teams and environments, and each becomes a change request"
        allowed = f"at most {MOST_SCOPES} in one branch"
        findings.append(Finding(CHECK, Status.FAILED, message, "", "", "split the branch", "", allowed))
        touched = {}
    scopes = []
    for environment, team in touched:
        proposed = scope_document(environment, team, after)
        if isinstance(proposed, tuple):
            findings.extend(proposed)
            continue
        was = scope_document(environment, team, before)
        if isinstance(was, tuple) and _has_begun(environment, team, before):
            findings.append(_unsound_before(environment, team))
            continue
        accepted = {} if isinstance(was, tuple) else document_to_json(was)
        scopes.append(ScopeProposal(environment, team or None, accepted, document_to_json(proposed)))
    return ProposalReading(tuple(scopes), tuple(dict.fromkeys(findings)))


def _scope_of(change: FileChange) -> tuple[str, str] | Finding:
    path = change.path
    for place, message, remedy in _SLUICES_OWN:
        if place.fullmatch(path):
            return _refused(path, message, remedy)
    for place in (_ENVIRONMENT_PLACE, _TEAM_PLACE, TASK_PLACE):
        match = place.fullmatch(path)
        if match is None or not fits_place(match):
            continue
        if not change.fits:
            return _refused(path, "this is a link or may be executed", "make it a plain file (mode 100644)")
        if not change.is_there and place is not TASK_PLACE:
            return _refused(path, "a whole environment or team is removed", "remove its tasks and tables instead")
        names = match.groups()
        return (names[0], names[1] if len(names) > 1 else "")
    allowed = "environment.json, teams/<team>/team.json and teams/<team>/tasks/<task>.json of an environment"
    return _refused(path, "this file has no place in a proposal", "take it out of the branch", allowed)


def _refused(path: str, message: str, remedy: str, allowed: str = "") -> Finding:
    return Finding(CHECK, Status.FAILED, message, path[:_LONGEST_PATH], "", remedy, "", allowed)


def scope_document(environment: str, team: str, files: Files) -> Document | tuple[Finding, ...]:
    """A scope's document from its files, or everything that is wrong with them; an empty `team` is the base."""
    texts: dict[str, str] = {FORMAT_FILE: canonical_json(FormatFile(format=FORMAT))}
    found = dict(files(environment_path(environment)))
    if team:
        found |= files(team_folder(environment, team))
    garbled = [path for path, text in found.items() if text is None]
    if garbled:
        return tuple(_refused(path, "this file is no text in UTF-8", "write it in UTF-8") for path in garbled)
    texts |= {path: text for path, text in found.items() if text is not None and not LEDGER_PLACE.fullmatch(path)}
    parsed = parse_company(texts)
    if parsed.company is None:
        return parsed.findings
    config = parsed.company.environments.get(environment)
    if config is None or (team and team not in config.teams):
        return (_refused(environment_path(environment), "there is nothing of this scope", "add its files"),)
    return config.teams[team].document if team else BaseDocument(environment=config.file)


def _has_begun(environment: str, team: str, before: Files) -> bool:
    """Whether the scope had files before; a new one has not."""
    return bool(before(team_folder(environment, team) if team else environment_path(environment)))


def _unsound_before(environment: str, team: str) -> Finding:
    path = team_folder(environment, team) if team else environment_path(environment)
    remedy = "let the platform team write the database's word to git, then begin from main again"
    return _refused(path, "where the branch begins, main itself holds no sound config here", remedy)
