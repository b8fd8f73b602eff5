"""``config.references``: what a task names exists, and belongs to its team."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from deploy_engine.checks.case import Case
from deploy_engine.checks.check import Check, Example
from deploy_engine.checks.places import Place, task_place, team_place
from deploy_engine.checks.sample import BARCODES, sample_case, sample_subject, sample_task
from deploy_engine.config import Subject, TaskFile
from deploy_engine.findings import Finding, Status

ID = "config.references"


def _finding(place: Place, message: str, remedy: str, found: str, allowed: str = "") -> Finding:
    return Finding(ID, Status.FAILED, message, place.file, place.pointer, remedy, found, allowed)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "none yet"


def _owner(subject: Subject, source: str) -> str | None:
    """Another team of the environment that has a source of this id."""
    teams = subject.environment.teams.items()
    return next(
        (slug for slug, team in teams if slug != subject.team.slug and source in team.document.team.sources), None
    )


def _source_of(subject: Subject, name: str, task: TaskFile) -> Iterator[Finding]:
    sources = subject.team.document.team.sources
    if task.source in sources:
        return
    owner = _owner(subject, task.source)
    message = f"the source {task.source} belongs to the team {owner}" if owner else f"there is no source {task.source}"
    remedy = "name one of the team's own sources, or add it to team.json"
    yield _finding(task_place(subject, name, "/source"), message, remedy, task.source, _listed(sources))


def _tables_of(subject: Subject, name: str, task: TaskFile) -> Iterator[Finding]:
    own = f"{task.source}/"
    for index, entry in enumerate(task.tables):
        if not entry.source.startswith(own):
            source = entry.reference.source
            owner = _owner(subject, source)
            whose = f", which belongs to the team {owner}" if owner else ""
            message = f"{entry.source} is a table of the source {source}{whose}; the task reads {task.source}"
            remedy = f"move the table to a task of {source}, or name {task.source}"
            place = task_place(subject, name, f"/tables/{index}/source")
            yield _finding(place, message, remedy, entry.source, f"{task.source}/schema/table")


def _task(subject: Subject, name: str, task: TaskFile) -> Iterator[Finding]:
    yield from _source_of(subject, name, task)
    instances = subject.team.document.team.instances
    if task.instance not in instances:
        message = f"there is no instance {task.instance}"
        remedy = "name one of the team's instances, or add it to team.json"
        yield _finding(task_place(subject, name, "/instance"), message, remedy, task.instance, _listed(instances))
    yield from _tables_of(subject, name, task)
    if not task.active_tables and not task.paused:
        place = task_place(subject, name, "/paused")
        message = f"the task {name} has no active table, so there is nothing for it to run"
        remedy = 'set "paused": true, unpause a table under a new version, or remove the task'
        yield Finding(ID, Status.WARNING, message, place.file, place.pointer, remedy, "false", "true")


def _run(case: Case) -> Iterator[Finding]:
    subject = case.subject
    if subject.is_base:
        return
    for source in subject.team.document.team.sources:
        owner = _owner(subject, source)
        if owner is not None:
            message = f"the source id {source} is taken: the team {owner} has a source of that name"
            place = team_place(subject, f"/sources/{source}")
            yield _finding(place, message, "choose another id; it is part of the S3 path", source, "an id of its own")
    for name, task in subject.team.document.tasks.items():
        yield from _task(subject, name, task)


CHECK = Check(
    id=ID,
    title="Sources and instances that tasks name exist and are the team's",
    severity=Status.FAILED,
    remedy="name a source and an instance of the team's own team.json; list only tables of the task's source",
    run=_run,
    good=Example("the task foodsearch reads fooddb, a source of its team", lambda: _run(sample_case())),
    bad=Example(
        "the task foodsearch runs on an instance that team.json does not have",
        lambda: _run(sample_case(sample_subject({"foodsearch": sample_task((BARCODES,), instance="big")}))),
    ),
)
