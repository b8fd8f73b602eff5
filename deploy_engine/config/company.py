"""The values of a whole config: documents, teams, environments, the company.

A *document* is what a change request edits: for a team its team file and tasks, for the base its environment file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from deploy_engine.config.environment import EnvironmentFile
from deploy_engine.config.ledger import EMPTY_LEDGER, Ledger
from deploy_engine.config.names import Slug
from deploy_engine.config.problems import parse_value
from deploy_engine.config.strict_model import StrictModel
from deploy_engine.config.tables import TableEntry
from deploy_engine.config.task import TaskFile
from deploy_engine.config.team import TeamFile
from deploy_engine.errors import InvalidConfig


class TeamDocument(StrictModel):
    """A team's config in one environment, without its ledger: what people edit and review."""

    team: TeamFile
    tasks: dict[Slug, TaskFile]

    @property
    def entries(self) -> tuple[tuple[str, TableEntry], ...]:
        """Every (task, table entry), tasks by name, entries in their order."""
        return tuple((name, entry) for name in sorted(self.tasks) for entry in self.tasks[name].tables)

    def with_task(self, name: str, task: TaskFile | None) -> TeamDocument:
        """The document with one task set, or removed where ``task`` is None."""
        tasks = {key: value for key, value in self.tasks.items() if key != name}
        if task is not None:
            tasks[name] = task
        return TeamDocument(team=self.team, tasks=dict(sorted(tasks.items())))


class BaseDocument(StrictModel):
    """The base scope's config of one environment."""

    environment: EnvironmentFile


Document = TeamDocument | BaseDocument


def document_to_json(document: Document) -> dict[str, Any]:
    """A document as plain JSON values, defaults left out; the inverse of :func:`team_document_from_json`."""
    return document.model_dump(mode="json", by_alias=True, exclude_defaults=True)


def team_document_from_json(value: Any) -> TeamDocument:
    """The team document in ``value``; raises :class:`InvalidConfig` where it does not fit the language."""
    parsed = parse_value(TeamDocument, value)
    if isinstance(parsed, TeamDocument):
        return parsed
    raise InvalidConfig(parsed)


def base_document_from_json(value: Any) -> BaseDocument:
    """The base document in ``value``; raises :class:`InvalidConfig` where it does not fit the language."""
    parsed = parse_value(BaseDocument, value)
    if isinstance(parsed, BaseDocument):
        return parsed
    raise InvalidConfig(parsed)


@dataclass(frozen=True)
class TeamConfig:
    """A team in one environment: its document and its ledger as of the last accepted revision."""

    slug: str
    document: TeamDocument
    ledger: Ledger = EMPTY_LEDGER


@dataclass(frozen=True)
class EnvironmentConfig:
    """An environment and every team in it, by slug."""

    name: str
    file: EnvironmentFile
    teams: Mapping[str, TeamConfig] = field(default_factory=dict)

    def with_team(self, team: TeamConfig) -> EnvironmentConfig:
        return replace(self, teams={**self.teams, team.slug: team})


@dataclass(frozen=True)
class Company:
    """Every environment, by name: all that the config repository says."""

    environments: Mapping[str, EnvironmentConfig]

    def with_environment(self, environment: EnvironmentConfig) -> Company:
        return Company({**self.environments, environment.name: environment})


@dataclass(frozen=True)
class Subject:
    """What is judged, planned or rendered: one scope of a company, with the proposed config already in its place.

    ``team`` is None for the base scope. ``given_up`` is no part of the config, but of the proposal: tables
    (``source/schema/table``) whose runaway load a platform engineer gives up with its folder.
    """

    company: Company
    environment_name: str
    team_slug: str | None
    given_up: frozenset[str] = frozenset()

    @property
    def environment(self) -> EnvironmentConfig:
        return self.company.environments[self.environment_name]

    @property
    def team(self) -> TeamConfig:
        """The judged team; only for a team's scope."""
        if self.team_slug is None:
            raise LookupError("the base scope has no team")
        return self.environment.teams[self.team_slug]

    @property
    def is_base(self) -> bool:
        return self.team_slug is None
