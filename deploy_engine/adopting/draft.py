"""The draft: teams and tasks that come nearest to what runs, what they cannot say, and what beginning would reload."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from deploy_engine.adopting.estate import Estate, ForeignEndpoint, ForeignTask
from deploy_engine.adopting.foreign_mappings import ForeignTable, read_mappings
from deploy_engine.adopting.foreign_settings import read_settings
from deploy_engine.adopting.gaps import Gap
from deploy_engine.adopting.naming import free, is_own_name, slug_in, slug_like, team_and_slug
from deploy_engine.config.physical_names import TARGET_SCHEMA, dms_name, export_name, folder_of
from deploy_engine.config.repository import task_path, team_path
from deploy_engine.config.task import Delivery
from deploy_engine.config.versions import next_version, version_time

ENGINES = {
    "mysql": "mysql",
    "aurora": "mysql",
    "mariadb": "mariadb",
    "postgres": "postgres",
    "aurora-postgresql": "postgres",
}
"""DMS's names of engines, and the config's."""

LAYOUT: dict[str, tuple[Any, ...]] = {
    "DataFormat": ("csv", None),
    "CompressionType": ("gzip", "GZIP"),
    "IncludeOpForFullLoad": (True,),
    "TimestampColumnName": ("dms_timestamp",),
    **dict.fromkeys(
        ("AddColumnName", "CdcInsertsAndUpdates", "CdcInsertsOnly", "DatePartitionEnabled", "PreserveTransactions"),
        (False, None),
    ),
}
"""What makes files in the lake look as Sluice's do (``lake_endpoint.j2``), by DMS's names."""

_LEFT_OUT = "The draft leaves the task out"
ASSUMED_RETENTION_HOURS = 24


@dataclass(frozen=True)
class Answers:
    """What only people know. ``team`` gets the tasks that are not Sluice's own."""

    environment: str
    lake_bucket: str
    team: str
    contact: str
    now: datetime
    teams_there: Collection[str] = ()


@dataclass(frozen=True)
class Beginning:
    """What becomes of one table when Sluice begins: it stays in its folder, or loads anew into another."""

    task: str
    table: str
    before: str
    after: str

    @property
    def reloads(self) -> bool:
        return self.before != self.after

    def as_json(self) -> dict[str, Any]:
        return {**vars(self), "reloads": self.reloads}


@dataclass
class Draft:
    """Files by path as JSON values, the gaps, every table's beginning, and tasks of teams that are there."""

    files: dict[str, Any] = field(default_factory=dict)
    gaps: list[Gap] = field(default_factory=list)
    beginnings: list[Beginning] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    same_name: list[str] = field(default_factory=list)
    """Tasks that hold the very name which Sluice would give: the old one has to go first, unless it is Sluice's."""


def draft_of(estate: Estate, answers: Answers) -> Draft:
    """The draft of everything in the account but the teams that the config has already."""
    return _Drafting(estate, answers).whole()


class _Drafting:
    def __init__(self, estate: Estate, answers: Answers) -> None:
        self.estate = estate
        self.answers = answers
        self.draft = Draft()
        self._slugs: dict[tuple[str, str, str], str] = {}
        self._taken: dict[tuple[str, str], set[str]] = {}

    def whole(self) -> Draft:
        there = self.answers.teams_there
        for task in sorted(self.estate.tasks, key=lambda task: task.name):
            own = self._is_sluices(task)
            team, slug = team_and_slug(task.name) if own else (self.answers.team, slug_like(task.name))
            if team not in there:
                self._task(task, team, slug)
            elif own:
                self.draft.known.append(task.name)
            else:
                self._gap(task, f"the team {team} is in the config already", "Name another one for it (--team)")
        return self.draft

    def _is_sluices(self, task: ForeignTask) -> bool:
        """Whether it writes through a lake endpoint of the environment and has a name as Sluice gives it."""
        target = self.estate.endpoints.get(task.target_arn)
        lakes = {export_name(self.answers.environment, f"lake-{delivery.value}") for delivery in Delivery}
        return target is not None and target.name in lakes and is_own_name(task.name)

    def _gap(self, task: ForeignTask, found: str, instead: str = _LEFT_OUT) -> None:
        self.draft.gaps.append(Gap(task.name, "", found, instead))

    def _task(self, task: ForeignTask, team: str, wanted: str) -> None:
        source = self.estate.endpoints.get(task.source_arn)
        target = self.estate.endpoints.get(task.target_arn)
        if source is None or target is None or task.instance_arn not in self.estate.instances:
            self._gap(task, "its endpoints or its instance are not in the account's listings")
        elif task.migration_type != "full-load-and-cdc":
            self._gap(task, f"it is of the type {task.migration_type}; Sluice's are full-load-and-cdc")
        elif source.engine not in ENGINES:
            self._gap(task, f"its source is {source.engine}; Sluice reads {', '.join(sorted(set(ENGINES.values())))}")
        elif target.engine != "s3":
            self._gap(task, f"its target is {target.engine}; Sluice writes to the lake in S3")
        else:
            self._expressible(task, team, wanted)

    def _expressible(self, task: ForeignTask, team: str, wanted: str) -> None:
        source, target = self.estate.endpoints[task.source_arn], self.estate.endpoints[task.target_arn]
        tables, gaps = read_mappings(task.name, task.mappings)
        self.draft.gaps.extend(gaps)
        if not tables:
            self._gap(task, "it names no table that could be taken over")
            return
        self._target(task, target)
        slug = free(wanted, self._taken.setdefault((team, "task"), set()))
        settings, unlike = read_settings(task.settings)
        if unlike:
            self._gap(task, f"its settings differ from Sluice's: {', '.join(unlike)}", "The draft has Sluice's own")
        if dms_name(team, slug) == task.name:
            self.draft.same_name.append(task.name)
        source_slug = self._source(task, team, source, settings.get("max_full_load_sub_tasks", 8))
        self.draft.files[task_path(self.answers.environment, team, slug)] = {
            "source": source_slug,
            "instance": self._instance(team, task.instance_arn),
            "delivery": "1min" if (target.seconds or 60) <= 60 else "10min",
            "paused": task.status not in ("running", "starting"),
            **({"settings": settings} if settings else {}),
            "tables": [self._entry(task, dms_name(team, slug), source_slug, target, table) for table in tables],
        }

    def _target(self, task: ForeignTask, target: ForeignEndpoint) -> None:
        if target.bucket != self.answers.lake_bucket:
            self._gap(task, f"it writes to the bucket {target.bucket}", "The draft writes to the environment's lake")
        unlike = [f"{key} {target.layout.get(key)!r}" for key in LAYOUT if target.layout.get(key) not in LAYOUT[key]]
        if unlike:
            self._gap(
                task, f"its files look otherwise: {', '.join(unlike)}", "Readers have to be ready for Sluice's files"
            )
        if target.seconds not in (None, 60, 600):
            said = f"it writes changes every {target.seconds} s"
            self._gap(task, said, "The draft has the delivery class next to it (1min up to 60 s, else 10min)")

    def _entry(
        self, task: ForeignTask, name: str, source: str, target: ForeignEndpoint, table: ForeignTable
    ) -> dict[str, str]:
        """A table keeps its version where the very task of that name writes it to that version's folder already."""
        identity = f"{source}/{table.schema}/{table.table}"
        begin, version = folder_of(identity, ""), table.target_table[-len("vYYYYMMDDHHMM") :]
        where = [part for part in (target.folder.strip("/"), table.target_schema, table.target_table) if part]
        before = f"{target.bucket}/{'/'.join(where)}"
        after = f"{self.answers.lake_bucket}/{TARGET_SCHEMA}/{begin}{version}"
        if before != after or name != task.name or not is_version(version):
            version = next_version(self.answers.now, [])
            after = f"{self.answers.lake_bucket}/{TARGET_SCHEMA}/{begin}{version}"
        self.draft.beginnings.append(Beginning(task.name, identity, before, after))
        return {"source": identity, "version": version}

    def _slug(self, team: str, kind: str, arn: str, name: str) -> str:
        key = (team, kind, arn)
        if key not in self._slugs:
            self._slugs[key] = free(slug_in(team, name), self._taken.setdefault((team, kind), set()))
        return self._slugs[key]

    def _source(self, task: ForeignTask, team: str, source: ForeignEndpoint, loads: int) -> str:
        slug = self._slug(team, "source", task.source_arn, source.name)
        sources = self._team(team)["sources"]
        if slug in sources:
            sources[slug]["loads_at_once"] = max(loads, sources[slug]["loads_at_once"])
            return slug
        secret = secret_name(source.secret)
        if not secret:
            said = f"DMS itself holds the password of its source {source.name}"
            self._gap(task, said, f"Put it into the secret sluice/{team}/{slug}, which the draft names")
        assumed = f"The draft assumes {ASSUMED_RETENTION_HOURS} hours: write the right number into team.json"
        self._gap(task, f"AWS does not say how long its source {source.name} keeps its log", assumed)
        engine = ENGINES[source.engine]
        sources[slug] = {
            "engine": engine,
            **({"database": source.database} if engine == "postgres" else {}),
            "secret": secret or f"sluice/{team}/{slug}",
            "log_retention_hours": ASSUMED_RETENTION_HOURS,
            "loads_at_once": loads,
        }
        return slug

    def _instance(self, team: str, arn: str) -> str:
        instance = self.estate.instances[arn]
        slug = self._slug(team, "instance", arn, instance.name)
        self._team(team)["instances"][slug] = {
            "class": instance.instance_class,
            "storage_gb": instance.storage_gb,
            "engine_version": instance.engine_version,
            "multi_az": instance.multi_az,
        }
        return slug

    def _team(self, team: str) -> dict[str, Any]:
        contact = self.answers.contact
        new = {"title": team, "contacts": [contact], "alert_channel": contact, "sources": {}, "instances": {}}
        file: dict[str, Any] = self.draft.files.setdefault(team_path(self.answers.environment, team), new)
        return file


def is_version(text: str) -> bool:
    """Whether it is a version of the config, a moment in UTC."""
    try:
        version_time(text)
    except ValueError:
        return False
    return True


def secret_name(text: str) -> str:
    """A secret's name from its name or ARN; AWS ends the ARN with a hyphen and six characters of its own."""
    return text.partition(":secret:")[2][:-7] if text.startswith("arn:") else text
