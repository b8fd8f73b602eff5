"""Which scopes a command is about: from its arguments and the config in DIR to subjects."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from deploy_engine.adapters.config_directory import read_directory
from deploy_engine.config import Company, ParsedCompany, Subject, parse_company
from deploy_engine.config.tables import check_table_reference
from deploy_engine.errors import EngineError, InvalidConfig


class UnfitArguments(EngineError):
    """The arguments name something that the config does not have; ``str(error)`` says what it has."""


def add_directory(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("directory", metavar="DIR", type=Path, help="the config repository")


def add_scope(parser: argparse.ArgumentParser, *, all_scopes: bool = False) -> None:
    """``--env E (--team T | --base)``, and ``--all`` where the command can do every scope."""
    parser.add_argument("--env", metavar="E", required=True, help="the environment")
    scope = parser.add_mutually_exclusive_group(required=True)
    scope.add_argument("--team", metavar="T", help="the team whose stack it is about")
    scope.add_argument("--base", action="store_true", help="the environment's base stack")
    if all_scopes:
        scope.add_argument("--all", action="store_true", help="the base stack, then every team's, by name")


def add_give_up(parser: argparse.ArgumentParser) -> None:
    """``--give-up TABLE``, as often as wanted."""
    parser.add_argument(
        "--give-up",
        metavar="TABLE",
        action="append",
        default=[],
        type=_table,
        help="a table (source/schema/table) whose runaway load may be broken off, for its folder is abandoned",
    )


def with_given_up(subjects: Iterable[Subject], tables: Iterable[str]) -> tuple[Subject, ...]:
    """The subjects with the tables of ``--give-up``; raises :class:`UnfitArguments` for one that is of none of them."""
    scopes, wanted = tuple(subjects), set(tables)
    owned = [frozenset(table for table in wanted if _owns(subject, table)) for subject in scopes]
    for table in sorted(wanted.difference(*owned)):
        raise UnfitArguments(f"{table} cannot be given up here: its source is none of what is deployed")
    return tuple(replace(subject, given_up=own) for subject, own in zip(scopes, owned, strict=True))


def _owns(subject: Subject, table: str) -> bool:
    return not subject.is_base and table.partition("/")[0] in subject.team.document.team.sources


def _table(text: str) -> str:
    try:
        return check_table_reference(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def load_parsed(directory: Path) -> ParsedCompany:
    """What reading ``directory`` gives; raises ``NoConfigDirectory``."""
    return parse_company(read_directory(directory))


def company_of(parsed: ParsedCompany) -> Company:
    """The company that was read; raises :class:`InvalidConfig` with every finding where there is none."""
    if parsed.company is None:
        raise InvalidConfig(parsed.findings)
    return parsed.company


def load_company(directory: Path) -> Company:
    """The config in ``directory``; raises :class:`InvalidConfig` with every finding, or ``NoConfigDirectory``."""
    return company_of(load_parsed(directory))


def subject_of(company: Company, environment: str, team: str | None) -> Subject:
    """One scope; raises :class:`UnfitArguments` where the config has no such environment or team."""
    if environment not in company.environments:
        raise UnfitArguments(f"there is no environment {environment!r}, only {_listed(company.environments)}")
    teams = company.environments[environment].teams
    if team is not None and team not in teams:
        raise UnfitArguments(f"{environment} has no team {team!r}, only {_listed(teams)}")
    return Subject(company, environment, team)


def subjects_of(company: Company, environment: str | None, team: str | None) -> tuple[Subject, ...]:
    """All scopes, or those of one environment, or of one team (where it is known), base first."""
    if environment is not None:
        if team is not None:
            return (subject_of(company, environment, team),)
        return tuple(_in_environment(company, subject_of(company, environment, None).environment_name))
    everywhere = tuple(subject for name in sorted(company.environments) for subject in _in_environment(company, name))
    if team is None:
        return everywhere
    found = tuple(subject for subject in everywhere if subject.team_slug == team)
    if not found:
        raise UnfitArguments(f"no environment has a team {team!r}")
    return found


def scope_words(subject: Subject) -> str:
    """The scope as people call it, such as ``local/food`` or ``local/base``."""
    return f"{subject.environment_name}/{subject.team_slug or 'base'}"


def _in_environment(company: Company, name: str) -> Iterator[Subject]:
    yield Subject(company, name, None)
    yield from (Subject(company, name, team) for team in sorted(company.environments[name].teams))


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "none"
