"""The checks of the config over a whole company at once, from its files' texts.

One pass over all files tells for which scopes the checks in ``SURE_OF`` surely have nothing to say: every file is
canonical, each table is listed once, by its task's source, under the version that its own ledger has as active, and no
path and no source id is anybody else's too. It only accepts. Whatever it is not sure of is for the checks themselves to
judge, which alone make findings; a property test holds that they have none where this pass was sure.
See docs/decisions/0018-a-quick-way-for-what-is-surely-right.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import repeat

from deploy_engine.checks.case import Case
from deploy_engine.checks.catalogue import (
    config_references,
    config_schema,
    paths_unique,
    tables_literal,
    tables_unique,
    versions_increasing,
)
from deploy_engine.config import Company, DatabaseEngine, Subject, TaskFile, TeamConfig, parse_company
from deploy_engine.config.physical_names import folder_of
from deploy_engine.config.repository import LEDGER_PLACE, TASK_PLACE, fits_place
from deploy_engine.config.sure_text import Row, TaskRows, sure_ledger, sure_task
from deploy_engine.findings import Finding
from deploy_engine.live import Observation

_CHECKS = (
    config_schema.CHECK,
    config_references.CHECK,
    tables_unique.CHECK,
    tables_literal.CHECK,
    paths_unique.CHECK,
    versions_increasing.CHECK,
)
SURE_OF = frozenset(check.id for check in _CHECKS)

Scope = tuple[str, str | None]
"""Environment and team; None is the environment's base."""


@dataclass
class _Team:
    """What was read surely of one team."""

    tasks: list[TaskRows] = field(default_factory=list)
    ledger: dict[str, dict[str, str]] = field(default_factory=dict)


@dataclass
class _Sorted:
    """A company's files: those that were read surely, and the company that the others are."""

    teams: dict[tuple[str, str], _Team]
    rest: Company | None


def _sorted_out(files: Mapping[str, str]) -> _Sorted:
    teams: dict[tuple[str, str], _Team] = {}
    rest: dict[str, str] = {}
    for path, text in files.items():
        if (match := TASK_PLACE.fullmatch(path)) and fits_place(match) and (rows := sure_task(text)):
            teams.setdefault((match[1], match[2]), _Team()).tasks.append(rows)
        elif (match := LEDGER_PLACE.fullmatch(path)) and fits_place(match) and (ledger := sure_ledger(text)):
            teams.setdefault((match[1], match[2]), _Team()).ledger = ledger
        else:
            rest[path] = text
    return _Sorted(teams, parse_company(rest).company)


def sure_scopes(files: Mapping[str, str]) -> frozenset[Scope]:
    """The scopes of the company in ``files`` for which no check in ``SURE_OF`` has a finding.

    None at all where some file has a finding of its own; those are ``parse_company``'s to make.
    """
    judged = _judged(files)
    if judged is None:
        return frozenset()
    known, doubtful = judged
    with_doubts = {environment for environment, _ in doubtful}
    return frozenset([*(known - doubtful), *((name, None) for name, _ in known if name not in with_doubts)])


def fleet_findings(files: Mapping[str, str], now: datetime) -> tuple[Finding, ...]:
    """Everything that reading and the checks in ``SURE_OF`` have to say of a whole company's teams, each finding once.

    Takes little longer than reading the texts where all is right and canonical; ``now`` is aware, in UTC.
    """
    judged = _judged(files)
    if judged is not None and not judged[1]:
        return ()
    parsed = parse_company(files)
    if parsed.company is None:
        return parsed.findings
    doubtful = sorted(judged[1]) if judged else ()
    cases = (Case(Subject(parsed.company, *scope), None, None, Observation.offline(now), now) for scope in doubtful)
    found = (parsed.as_written(finding) for case in cases for check in _CHECKS for finding in check.run(case))
    return tuple(dict.fromkeys(found))


def _judged(files: Mapping[str, str]) -> tuple[set[tuple[str, str]], set[tuple[str, str]]] | None:
    """Every team, and the teams that this pass is not sure of; None where some file has a finding of its own."""
    read = _sorted_out(files)
    company = read.rest
    if company is None:
        return None
    known = {(name, slug) for name, environment in company.environments.items() for slug in environment.teams}
    if not read.teams.keys() <= known:
        return None  # a team without a team.json
    doubtful = {scope for scope in known if not _stands_alone(company, scope, read.teams.get(scope, _Team()))}
    return known, doubtful | _with_shared_sources(company) | _with_shared_paths(company, read.teams)


def _stands_alone(company: Company, scope: tuple[str, str], read: _Team) -> bool:
    """Whether all that one team's own files can tell is right."""
    team = company.environments[scope[0]].teams[scope[1]]
    if team.document.tasks or team.ledger.root:
        return False  # files that only the models can judge
    return all(_task_is_sure(team, task, read.ledger) for task in read.tasks)


def _task_is_sure(team: TeamConfig, task: TaskRows, ledger: Mapping[str, Mapping[str, str]]) -> bool:
    source = team.document.team.sources.get(task.source)
    if source is None or task.instance not in team.document.team.instances:
        return False
    identities = [identity for identity, _, _ in task.tables]
    names = identities if source.engine is DatabaseEngine.POSTGRESQL else [name.lower() for name in identities]
    active = [(identity, version) for identity, version, paused in task.tables if not paused]
    return (
        (bool(active) or task.paused)
        and len(set(names)) == len(names)
        and all(map(str.startswith, identities, repeat(f"{task.source}/")))
        and all(identity in ledger and ledger[identity].get(version) == "active" for identity, version in active)
    )


def _with_shared_sources(company: Company) -> set[tuple[str, str]]:
    """The teams with a source whose id another team of their environment has too."""
    shared: set[tuple[str, str]] = set()
    for name, environment in company.environments.items():
        owners: dict[str, str] = {}
        for slug, team in environment.teams.items():
            for source in team.document.team.sources:
                if owners.setdefault(source, slug) != slug:
                    shared |= {(name, slug), (name, owners[source])}
    return shared


def _with_shared_paths(company: Company, teams: Mapping[tuple[str, str], _Team]) -> set[tuple[str, str]]:
    """The teams with a table whose S3 path is written by another entry too, in any environment of the same lake."""
    shared: set[tuple[str, str]] = set()
    for bucket in {environment.file.lake_bucket for environment in company.environments.values()}:
        paths = {
            (name, slug): _paths(team, teams.get((name, slug), _Team()))
            for name, environment in company.environments.items()
            if environment.file.lake_bucket == bucket
            for slug, team in environment.teams.items()
        }
        distinct: set[str] = set().union(*paths.values())
        if len(distinct) == sum(map(len, paths.values())):
            continue
        written = Counter(path for of_team in paths.values() for path in of_team)
        shared |= {scope for scope, of_team in paths.items() if any(written[path] > 1 for path in of_team)}
    return shared


def _paths(team: TeamConfig, read: _Team) -> list[str]:
    """What tells the S3 paths of a team's entries apart: their folders, blind to case."""
    rows = [row for task in read.tasks for row in task.tables]
    rows += [row for task in team.document.tasks.values() for row in _rows(task)]
    return [folder_of(identity, version).lower() for identity, version, _ in rows]


def _rows(task: TaskFile) -> Iterator[Row]:
    return ((entry.source, entry.version, "") for entry in task.tables)
