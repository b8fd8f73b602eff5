"""Three-way merge: what one side changed is taken, what both changed is a conflict."""

from typing import Any

import pytest

from replication.documents.merging import Side, documents_merge

FIRST = {"source": "db/s/first", "version": "v202001010000"}
SECOND = {"source": "db/s/second", "version": "v202001010000"}
NEWER = {"source": "db/s/first", "version": "v202101010000"}


def _document(*tables: dict[str, Any], **head: Any) -> dict[str, Any]:
    return {
        "team": {"title": "Food", "sources": {"db": {"engine": "mysql"}}, "instances": {}},
        "tasks": {"one": {"source": "db", "paused": False, **head, "tables": list(tables)}},
    }


BASE = _document(FIRST)
WITHOUT_TASKS = {**BASE, "tasks": {}}


@pytest.mark.parametrize(
    ("theirs", "ours", "merged"),
    [
        (BASE, _document(FIRST, SECOND), _document(FIRST, SECOND)),
        (_document(FIRST, SECOND), BASE, _document(FIRST, SECOND)),
        (_document(NEWER), _document(FIRST, SECOND), _document(NEWER, SECOND)),
        (_document(), _document(FIRST, SECOND), _document(SECOND)),
        (_document(FIRST, paused=True), _document(FIRST, SECOND), _document(FIRST, SECOND, paused=True)),
        (_document(NEWER), _document(NEWER), _document(NEWER)),
        (WITHOUT_TASKS, BASE, WITHOUT_TASKS),
    ],
    ids=["ours", "theirs", "reload-and-add", "remove-and-add", "head-and-table", "same", "task-gone"],
)
def test_documents_merge__different_places__both_changes_stand(
    theirs: dict[str, Any], ours: dict[str, Any], merged: dict[str, Any]
) -> None:
    result = documents_merge(base=BASE, theirs=theirs, ours=ours)

    assert result.conflicts == ()
    assert result.document == merged


@pytest.mark.parametrize(
    ("theirs", "ours", "conflict"),
    [
        (_document(NEWER), _document({**FIRST, "paused": True}), "db/s/first in one"),
        (_document(), _document(NEWER), "db/s/first in one"),
        (_document(NEWER), _document(), "db/s/first in one"),
        (_document(FIRST, paused=True), _document(FIRST, source="other"), "the task one"),
        (WITHOUT_TASKS, _document(FIRST, SECOND), "the task one"),
        (_document(NEWER), WITHOUT_TASKS, "the task one"),
    ],
    ids=[
        "changed-twice",
        "removed-and-changed",
        "changed-and-removed",
        "heads",
        "added-to-a-task-that-is-gone",
        "ended",
    ],
)
def test_documents_merge__same_place__names_it(theirs: dict[str, Any], ours: dict[str, Any], conflict: str) -> None:
    merged = documents_merge(base=BASE, theirs=theirs, ours=ours)
    assert [each.words for each in merged.conflicts] == [conflict]
    assert merged.document == {}


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        (_document(NEWER), _document({**FIRST, "paused": True})),
        (_document(), _document(NEWER)),
        (_document(FIRST, paused=True), _document(FIRST, source="other")),
        (WITHOUT_TASKS, _document(FIRST, SECOND)),
        (_document(NEWER), WITHOUT_TASKS),
    ],
    ids=["changed-twice", "removed-and-changed", "heads", "task-gone-there", "task-gone-here"],
)
def test_documents_merge__one_conflict_decided__gives_that_sides_document(
    theirs: dict[str, Any], ours: dict[str, Any]
) -> None:
    [conflict] = documents_merge(base=BASE, theirs=theirs, ours=ours).conflicts
    for side, whole in ((Side.MINE, ours), (Side.THEIRS, theirs)):
        merged = documents_merge(base=BASE, theirs=theirs, ours=ours, choices={conflict.key: side})
        assert (merged.document, merged.conflicts, merged.decided) == (whole, (), (conflict,))


def test_documents_merge__one_of_two_conflicts_decided__still_means_nothing() -> None:
    theirs = {**_document(NEWER), "team": {**BASE["team"], "title": "Foods"}}
    ours = {**_document(), "team": {**BASE["team"], "title": "Our food"}}
    merged = documents_merge(base=BASE, theirs=theirs, ours=ours, choices={"team/title": Side.MINE})
    assert [each.words for each in merged.conflicts] == ["db/s/first in one"]
    assert merged.document == {}


def test_documents_merge__a_conflict_and_other_changes__both_sides_other_changes_stand() -> None:
    theirs = _document(NEWER, {"source": "db/s/theirs", "version": "v202001010000"})
    ours = _document({**FIRST, "paused": True}, SECOND)
    [conflict] = documents_merge(base=BASE, theirs=theirs, ours=ours).conflicts
    merged = documents_merge(base=BASE, theirs=theirs, ours=ours, choices={conflict.key: Side.MINE})
    tables = merged.document["tasks"]["one"]["tables"]
    assert [table["source"] for table in tables] == ["db/s/first", "db/s/second", "db/s/theirs"]
    assert tables[0]["paused"]


def test_documents_merge__base_scope__merges_its_values() -> None:
    base = {"environment": {"region": "a", "endpoint_url": "x"}}
    theirs = {"environment": {"region": "b", "endpoint_url": "x"}}
    ours = {"environment": {"region": "a"}}

    assert documents_merge(base=base, theirs=theirs, ours=ours).document == {"environment": {"region": "b"}}
