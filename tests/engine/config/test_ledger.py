"""The ledger: append-only; what is not active any more is retired for ever."""

from hypothesis import given

from deploy_engine.config import Ledger, TableEntry, TaskFile
from tests.engine.strategies import tasks

BARCODES = "fooddb/foodsearch/barcodes"


def entry(version: str, *, paused: bool = False) -> TableEntry:
    return TableEntry(source=BARCODES, version=version, paused=paused)


def plain(ledger: Ledger) -> object:
    return ledger.model_dump(mode="json")


def test_after__a_reload__retires_the_version_before() -> None:
    before = Ledger({}).after([entry("v202001010000")])

    after = before.after([entry("v202101010000")])

    assert plain(after) == {BARCODES: {"v202001010000": "retired", "v202101010000": "active"}}


def test_after__the_table_is_removed_or_paused__retires_its_version() -> None:
    before = Ledger({}).after([entry("v202001010000")])

    assert plain(before.after([])) == plain(before.after([entry("v202001010000", paused=True)]))
    assert plain(before.after([])) == {BARCODES: {"v202001010000": "retired"}}


def test_after__two_tasks_with_the_same_table__keeps_both_active() -> None:
    after = Ledger({}).after([entry("v202101010000"), entry("v202001010000")])

    assert plain(after) == {BARCODES: {"v202001010000": "active", "v202101010000": "active"}}


@given(tasks(), tasks())
def test_after__any_two_states__forgets_nothing(first: TaskFile, second: TaskFile) -> None:
    before = Ledger({}).after(first.tables)

    after = before.after(second.tables)

    for identity in before.root:
        assert before.versions(identity).keys() <= after.versions(identity).keys()
    assert after.after(second.tables) == after
