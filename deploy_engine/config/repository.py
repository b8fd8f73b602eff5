"""The config repository as a value: files by path, in both directions (docs/config.md).

Reading collects every finding of every file; writing is canonical: export, import and export give the same bytes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from pydantic import BaseModel
from pydantic_core import PydanticCustomError

from deploy_engine.config.canonical import canonical_json, canonical_ledger, canonical_task
from deploy_engine.config.company import Company, EnvironmentConfig, TeamConfig, TeamDocument
from deploy_engine.config.environment import EnvironmentFile
from deploy_engine.config.ledger import EMPTY_LEDGER, Ledger
from deploy_engine.config.names import check_slug, check_team_slug
from deploy_engine.config.problems import CHECK, parse_text
from deploy_engine.config.strict_json import read_strict_json
from deploy_engine.config.strict_model import StrictModel
from deploy_engine.config.sure_text import ledger_of, sure_ledger, sure_task
from deploy_engine.config.task import TaskFile
from deploy_engine.config.team import TeamFile
from deploy_engine.findings import Finding, Status

FORMAT = 1
FORMAT_FILE = "sluice.json"
TASK_PLACE = re.compile(r"environments/([^/]+)/teams/([^/]+)/tasks/([^/]+)\.json")
LEDGER_PLACE = re.compile(r"environments/([^/]+)/teams/([^/]+)/versions\.json")
_PLACES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("environment", re.compile(r"environments/([^/]+)/environment\.json")),
    ("team", re.compile(r"environments/([^/]+)/teams/([^/]+)/team\.json")),
    ("task", TASK_PLACE),
    ("ledger", LEDGER_PLACE),
)
_MODELS: dict[str, type[BaseModel]] = {
    "environment": EnvironmentFile,
    "team": TeamFile,
    "task": TaskFile,
    "ledger": Ledger,
}
_ENTRY = re.compile(r"/tables/([0-9]+)")
_Model = TypeVar("_Model", bound=BaseModel)


class FormatFile(StrictModel):
    """``sluice.json``: the version of the repository's layout."""

    format: int


@dataclass(frozen=True)
class ParsedCompany:
    """What reading gave: ``company`` is None where any finding failed."""

    company: Company | None
    findings: tuple[Finding, ...]
    written_order: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    """For each task file whose tables are not written in the canonical order: where each of the sorted ones stands."""

    def as_written(self, finding: Finding) -> Finding:
        """``finding``, made on the sorted tables, with the pointer that leads to its entry in the file as written."""
        match = _ENTRY.match(finding.pointer)
        order = self.written_order.get(finding.file)
        if match is None or order is None or finding.check == CHECK:
            return finding
        return replace(finding, pointer=f"/tables/{order[int(match[1])]}{finding.pointer[match.end() :]}")


def _name_problem(names: tuple[str, ...]) -> PydanticCustomError | None:
    """What is wrong with the first bad one of a path's environment, team and task."""
    for name, check in zip(names, (check_slug, check_team_slug, check_slug), strict=False):
        try:
            check(name)
        except PydanticCustomError as error:
            return error
    return None


def fits_place(place: re.Match[str]) -> bool:
    """Whether the names in a file's path are ones that the language allows."""
    return _name_problem(place.groups()) is None


class _Reader:
    """Collects parsed files by place, and everything that is wrong with any of them."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self.files = files
        self.findings: list[Finding] = []
        self.parsed: dict[tuple[str, ...], Any] = {}
        self.written_order: dict[str, tuple[int, ...]] = {}

    def fail(self, message: str, file: str, remedy: str, allowed: str = "") -> None:
        self.findings.append(Finding(CHECK, Status.FAILED, message, file, "", remedy, "", allowed))

    def parse(self, model: type[_Model], path: str) -> _Model | None:
        parsed = parse_text(model, self.files[path], path)
        if isinstance(parsed, tuple):
            self.findings.extend(parsed)
            return None
        if isinstance(parsed, TaskFile):
            self._remember_order(path)
        return parsed

    def _remember_order(self, path: str) -> None:
        """Models sort their tables; findings must still lead to the line that somebody wrote."""
        entries = read_strict_json(self.files[path])["tables"]
        order = sorted(range(len(entries)), key=lambda index: (entries[index]["source"], entries[index]["version"]))
        if order != sorted(order):
            self.written_order[path] = tuple(order)

    def read(self) -> None:
        if FORMAT_FILE not in self.files:
            self.fail(f"{FORMAT_FILE} is missing", FORMAT_FILE, f'write {{"format": {FORMAT}}} into it')
        else:
            format_file = self.parse(FormatFile, FORMAT_FILE)
            if format_file is not None and format_file.format != FORMAT:
                self.fail(f"the format {format_file.format} is unknown", FORMAT_FILE, "use a newer Sluice", str(FORMAT))
        for path in sorted(self.files):
            if path.startswith("environments/"):
                self._read_place(path)

    def _read_place(self, path: str) -> None:
        kind, match = next(((kind, match) for kind, place in _PLACES if (match := place.fullmatch(path))), ("", None))
        if match is None:
            allowed = "environment.json, teams/<team>/team.json, versions.json and tasks/<task>.json"
            self.fail("this file has no place in the config", path, "remove or rename it", allowed)
            return
        names = match.groups()
        error = _name_problem(names)
        if error is not None:
            context = error.context or {}
            self.fail(context["message"], path, f"rename it: {context['remedy']}", context["allowed"])
            return
        self.parsed[(kind, *names)] = self._quickly(kind, self.files[path]) or self.parse(_MODELS[kind], path)

    def _quickly(self, kind: str, text: str) -> BaseModel | None:
        """The kinds of file that grow with the tables, where they are surely right and canonical."""
        if kind == "task":
            rows = sure_task(text)
            return None if rows is None else rows.file()
        tables = sure_ledger(text) if kind == "ledger" else None
        return None if tables is None else ledger_of(tables)

    def teams_of(self, environment: str) -> dict[str, TeamConfig]:
        """The environment's teams, from their files; a file whose team.json is missing is a finding."""
        tasks_of: dict[str, dict[str, TaskFile]] = {}
        for place, parsed in sorted(self.parsed.items(), key=lambda item: item[0]):
            if len(place) > 2 and place[1] == environment:
                of_team = tasks_of.setdefault(place[2], {})
                if place[0] == "task" and parsed is not None:
                    of_team[place[3]] = parsed
        teams: dict[str, TeamConfig] = {}
        for slug, tasks in sorted(tasks_of.items()):
            team = self.parsed.get(("team", environment, slug))
            if ("team", environment, slug) not in self.parsed:
                path = f"environments/{environment}/teams/{slug}/team.json"
                self.fail(f"the team {slug} has files but no team.json", path, "add its team.json")
            ledger = self.parsed.get(("ledger", environment, slug), EMPTY_LEDGER)
            if team is not None and ledger is not None:
                teams[slug] = TeamConfig(slug, TeamDocument(team=team, tasks=tasks), ledger)
        return teams

    def company(self) -> Company:
        environments: dict[str, EnvironmentConfig] = {}
        for name in sorted({place[1] for place in self.parsed}):
            file = self.parsed.get(("environment", name))
            if ("environment", name) not in self.parsed:
                path = f"environments/{name}/environment.json"
                self.fail(f"the environment {name} has files but no environment.json", path, "add its environment.json")
            teams = self.teams_of(name)
            if file is not None:
                environments[name] = EnvironmentConfig(name, file, teams)
        self._refuse_two_in_one_account(environments)
        return Company(environments)

    def _refuse_two_in_one_account(self, environments: Mapping[str, EnvironmentConfig]) -> None:
        """Stacks of two environments in one account and region would share DMS's names."""
        first: dict[tuple[str, str], str] = {}
        for name, environment in environments.items():
            place = (environment.file.account, environment.file.region)
            if place in first:
                message = f"the environments {first[place]} and {name} are one account and region: {' '.join(place)}"
                self.fail(message, environment_path(name), "give each its own account or region")
            first.setdefault(place, name)


def parse_company(files: Mapping[str, str]) -> ParsedCompany:
    """The company that ``files`` (path to text) describe, or every finding about them; ``rendered/`` is not read."""
    reader = _Reader(files)
    reader.read()
    company = reader.company()
    return ParsedCompany(None if reader.findings else company, tuple(reader.findings), reader.written_order)


def team_folder(environment: str, team: str) -> str:
    return f"environments/{environment}/teams/{team}"


def task_path(environment: str, team: str, task: str) -> str:
    return f"{team_folder(environment, team)}/tasks/{task}.json"


def team_path(environment: str, team: str) -> str:
    return f"{team_folder(environment, team)}/team.json"


def ledger_path(environment: str, team: str) -> str:
    return f"{team_folder(environment, team)}/versions.json"


def environment_path(environment: str) -> str:
    return f"environments/{environment}/environment.json"


def write_team(environment: str, config: TeamConfig) -> dict[str, str]:
    """A team's files, canonical, by path."""
    files = {team_path(environment, config.slug): canonical_json(config.document.team)}
    for name, task in sorted(config.document.tasks.items()):
        files[task_path(environment, config.slug, name)] = canonical_task(task)
    if config.ledger.root:
        files[ledger_path(environment, config.slug)] = canonical_ledger(config.ledger)
    return files


def write_company(company: Company) -> dict[str, str]:
    """Every file of the config repository but the rendered templates, canonical, by path."""
    files = {FORMAT_FILE: canonical_json(FormatFile(format=FORMAT))}
    for name, environment in sorted(company.environments.items()):
        files[environment_path(name)] = canonical_json(environment.file)
        for _, team in sorted(environment.teams.items()):
            files.update(write_team(name, team))
    return files
