"""Going back over any history: what was is what comes, under versions that only go up (I10)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from deploy_engine.checks.catalogue import paths_unique, versions_increasing
from deploy_engine.checks.sample import NOW, sample_case, sample_subject, sample_task, sample_team_file
from deploy_engine.config import EMPTY_LEDGER, Ledger, TableEntry, TaskFile, TeamDocument, next_version
from deploy_engine.findings import Finding
from replication.services.change_request_revert import document_reverted

TABLES = [f"fooddb/foodsearch/{name}" for name in ("barcodes", "brands", "foods")]
TASKS = ("first", "second")
BEGAN = datetime(2026, 1, 1, tzinfo=UTC)

Lines = dict[str, TableEntry]


@dataclass
class History:
    """Accepted documents in order, and the ledger after the last; a minute passes with each."""

    documents: list[TeamDocument] = field(default_factory=list)
    ledger: Ledger = EMPTY_LEDGER

    @property
    def now(self) -> datetime:
        return BEGAN + timedelta(minutes=len(self.documents))

    def version_for(self, identity: str) -> str:
        standing = [entry.version for _, entry in self.documents[-1].entries if entry.source == identity]
        return next_version(self.now, [*self.ledger.versions(identity), *standing])

    def accept(self, document: TeamDocument) -> None:
        self.documents.append(document)
        self.ledger = self.ledger.after(entry for _, entry in document.entries)

    def act(self, act: str, task: str, identity: str) -> None:
        tasks = dict(self.documents[-1].tasks)
        lines: Lines = {entry.source: entry for entry in tasks[task].tables} if task in tasks else {}
        standing = lines.pop(identity, None)
        fresh = TableEntry(source=identity, version=self.version_for(identity))
        if act == "load":
            lines[identity] = fresh
        elif act == "pause" and standing is not None:
            lines[identity] = standing.model_copy(update={"paused": True})
        elif act == "pause task" and task in tasks:
            tasks[task] = tasks[task].model_copy(update={"paused": not tasks[task].paused})
            lines |= {identity: standing} if standing is not None else {}
        paused = task in tasks and tasks[task].paused
        if act == "remove task" or not lines:
            tasks.pop(task, None)
        else:
            tasks[task] = _task(lines, paused=paused)
        self.accept(self.documents[-1].model_copy(update={"tasks": dict(sorted(tasks.items()))}))


def _task(lines: Lines, *, paused: bool) -> TaskFile:
    entries = tuple(sorted(lines.values(), key=lambda entry: entry.sort_key))
    return sample_task(paused=paused).model_copy(update={"tables": entries})


def _begun() -> History:
    history = History()
    first = {table: TableEntry(source=table, version=next_version(BEGAN, [])) for table in TABLES[:2]}
    history.accept(TeamDocument(team=sample_team_file(), tasks={"first": _task(first, paused=False)}))
    return history


def _but_for_versions(document: TeamDocument) -> object:
    tables = [(task, entry.source, entry.paused) for task, entry in document.entries]
    return (
        tables,
        {name: file.model_copy(update={"tables": ()}) for name, file in document.tasks.items()},
        document.team,
    )


def _findings(reverted: TeamDocument, history: History) -> list[Finding]:
    """What the checks say of the proposal, with the last accepted document deployed."""
    ledger = history.ledger.model_dump(mode="json")
    case = sample_case(
        sample_subject(reverted.tasks, ledger=ledger), sample_subject(history.documents[-1].tasks, ledger=ledger)
    )
    return [*versions_increasing.CHECK.run(case), *paths_unique.CHECK.run(case)]


acts = st.tuples(
    st.sampled_from(["load", "load", "pause", "remove", "pause task", "remove task"]),
    st.sampled_from(TASKS),
    st.sampled_from(TABLES),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(acts, min_size=1, max_size=12), st.data())
def test_document_reverted__any_history__comes_back_under_versions_that_only_go_up(
    done: list[tuple[str, str, str]], data: st.DataObject
) -> None:
    history = _begun()
    for act, task, table in done:
        history.act(act, task, table)
    then, now = data.draw(st.sampled_from(history.documents)), history.documents[-1]

    reverted = document_reverted(then, now, history.version_for)

    assert _but_for_versions(reverted) == _but_for_versions(then)
    standing = {(task, entry.source): entry for task, entry in now.entries}
    given_away = set()
    for task, entry in reverted.entries:
        known = set(history.ledger.versions(entry.source))
        before = standing.get((task, entry.source))
        streams_on = before is not None and before.active and entry.active and before.version == entry.version
        highest = max((each.version for _, each in now.entries if each.source == entry.source), default="")
        assert streams_on or (entry.version > max(known, default="") if entry.active else entry.version >= highest)
        assert not entry.active or (entry.source, entry.version) not in given_away
        given_away.add((entry.source, entry.version))
    if reverted.tasks:
        assert _findings(reverted, history) == []


def test_document_reverted__to_what_is_accepted__is_the_same() -> None:
    history = _begun()

    assert document_reverted(history.documents[0], history.documents[0], history.version_for) == history.documents[0]
    assert history.now <= NOW
