"""Two documents compared as people read a change."""

from deploy_engine.checks.sample import BARCODES, BRANDS, sample_task, sample_team_file
from deploy_engine.config import TableEntry, TaskFile, TeamDocument, TeamFile
from deploy_engine.diffing import compare_documents
from deploy_engine.diffing.documents import ChangeKind


def document(*entries: tuple[str, str, bool], team: TeamFile | None = None, **changes: object) -> TeamDocument:
    tables = tuple(TableEntry(source=source, version=version, paused=paused) for source, version, paused in entries)
    task = TaskFile.model_validate({**sample_task((), **changes).model_dump(), "tables": tables})
    return TeamDocument(team=team or sample_team_file(), tasks={"foodsearch": task})


def test_compare_documents__nothing_accepted_yet__everything_is_added() -> None:
    difference = compare_documents(None, document((*BARCODES, False)))

    assert difference.tasks_added == ("foodsearch",)
    assert [change.kind for change in difference.tables] == [ChangeKind.ADDED]


def test_compare_documents__the_same__is_empty() -> None:
    assert compare_documents(document((*BARCODES, False)), document((*BARCODES, False))).empty


def test_compare_documents__tables__are_told_by_what_happens_to_them() -> None:
    names = [f"fooddb/foodsearch/{name}" for name in ("a", "b", "c", "d", "e", "f")]
    old, new = "v202001010000", "v202605010000"
    before = document(*((name, old, name == names[3]) for name in names[:5]))
    reloaded, paused, resumed = (names[1], new, False), (names[2], old, True), (names[3], new, False)
    after = document(reloaded, paused, resumed, (names[4], old, False), (names[5], new, False))

    kinds = {change.table: change.kind.value for change in compare_documents(before, after).tables}

    assert kinds == dict(
        zip([*names[:4], names[5]], ["removed", "reloaded", "paused", "resumed", "added"], strict=True)
    )


def test_compare_documents__a_setting__is_told_with_its_place_before_and_after() -> None:
    (change,) = compare_documents(document(), document(paused=True)).settings

    assert (change.place, change.before, change.after) == ("tasks/foodsearch/paused", "false", "true")


def test_compare_documents__a_source_called_tables__is_no_list_of_tables() -> None:
    plain = sample_team_file().model_dump(mode="json", by_alias=True, exclude_defaults=True)
    plain["sources"]["tables"] = {**plain["sources"]["fooddb"], "secret": "sluice/food/tables"}

    difference = compare_documents(document(), document(team=TeamFile.model_validate(plain)))

    assert "team/sources/tables/secret" in {change.place for change in difference.settings}


def test_count__kinds__are_counted() -> None:
    difference = compare_documents(document((*BARCODES, False)), document((*BRANDS, False)))

    assert (difference.count(ChangeKind.ADDED), difference.count(ChangeKind.REMOVED)) == (1, 1)
