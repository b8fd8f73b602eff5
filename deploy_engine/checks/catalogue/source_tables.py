"""``source.tables``: what would load is at its source, and its source is fit for change data capture.

Only sources of tables that start loading are looked into, and only where the environment allows it.
A source that cannot be looked into is a warning: DMS reaches it by another way, and may well find everything.
"""

from __future__ import annotations

from collections.abc import Iterator

from deploy_engine.checks.case import Case
from deploy_engine.checks.cdc_settings import setting_problems
from deploy_engine.checks.check import Check, CouldNotRun, Example, Part
from deploy_engine.checks.places import table_place, team_place
from deploy_engine.checks.sample import sample_case, sample_catalogue
from deploy_engine.diffing import MappedTable, TaskConsequence
from deploy_engine.findings import Finding, Status
from deploy_engine.live import SourceCatalogue, TableKey, Unknown

ID = "source.tables"
_REMEDY = "mend it at the source, or take the table out of the change"
_LOOK_YOURSELF = "see for yourself that its tables exist and have primary keys, and that its settings allow it"
_KEY = "give the table a primary key, or a replica identity in PostgreSQL, or take it out of the change"


def _of_table(case: Case, task: str, table: MappedTable, catalogue: SourceCatalogue) -> Iterator[Finding]:
    place = table_place(case.subject, task, table)
    found = catalogue.by_name.get(table.key)
    if found is None:
        message = f"{table.identity} does not exist at its source, or is hidden from the catalogue secret's user"
        remedy = "mind the spelling, upper and lower case too; names are taken literally"
        yield Finding(ID, Status.FAILED, message, place.file, place.pointer, remedy, f"{table.schema}.{table.table}")
    elif found.obstacle:
        message = f"{table.identity} {found.obstacle}"
        remedy = _KEY if found.key is TableKey.NONE else _REMEDY
        allowed = "an ordinary table with a primary key or a replica identity"
        yield Finding(ID, Status.FAILED, message, place.file, place.pointer, remedy, allowed=allowed)


def _of_settings(case: Case, name: str, catalogue: SourceCatalogue, starting: int) -> Iterator[Finding]:
    place = team_place(case.subject, f"/sources/{name}")
    for problem in setting_problems(catalogue, starting):
        message = f"the setting {problem.setting} of {name} is {problem.found}: {problem.why}"
        remedy = f"set {problem.setting} to {problem.allowed} at the source"
        yield Finding(ID, problem.status, message, place.file, place.pointer, remedy, problem.found, problem.allowed)


def _unreached(case: Case, name: str, reason: str) -> Finding:
    place = team_place(case.subject, f"/sources/{name}")
    message = f"{name} was not looked into: {reason}"
    return Finding(ID, Status.WARNING, message, place.file, place.pointer, _LOOK_YOURSELF)


def _by_source(consequences: tuple[TaskConsequence, ...]) -> dict[str, list[tuple[TaskConsequence, MappedTable]]]:
    loading: dict[str, list[tuple[TaskConsequence, MappedTable]]] = {}
    for task in consequences:
        for table in task.loads:
            loading.setdefault(table.source, []).append((task, table))
    return loading


def _run(case: Case) -> Iterator[Finding]:
    consequences = case.consequences
    if isinstance(consequences, Unknown):
        raise CouldNotRun("what would load is not known")
    if case.subject.is_base:
        return
    for name, loading in sorted(_by_source(consequences).items()):
        catalogue = case.observation.sources.get(name, Unknown("nobody asked it"))
        if isinstance(catalogue, Unknown):
            yield _unreached(case, name, catalogue.reason)
            continue
        yield from _of_settings(case, name, catalogue, len({task.name for task, _ in loading if task.starts}))
        for task, table in loading:
            yield from _of_table(case, task.name, table, catalogue)


def _without_key() -> Case:
    return sample_case(sources={"fooddb": sample_catalogue(("foodsearch", "barcodes"), key=TableKey.NONE)})


CHECK = Check(
    id=ID,
    title="Tables that load exist at their source and can be replicated",
    severity=Status.FAILED,
    remedy=_REMEDY,
    run=_run,
    needs=frozenset({Part.DIFFERENCE, Part.TASKS}),
    reads=("secretsmanager:GetSecretValue",),
    good=Example("a new table that its source has, with a primary key", lambda: _run(sample_case())),
    bad=Example("a new table that has neither a primary key nor a replica identity", lambda: _run(_without_key())),
)
