"""The line of time, page by page."""

from __future__ import annotations

from replication.models import Revision
from replication.selectors.tables import TableIdentity, table_life
from replication.selectors.timeline import TimelineFilters, revision_change, timeline
from tests.replication.conftest import Stage


def test_timeline__read_page_by_page__shows_each_event_once_although_new_ones_arrive(stage: Stage) -> None:
    everything = [event.pk for event in timeline(TimelineFilters(), size=1000).events]
    found: list[int] = []
    before = None
    while True:
        page = timeline(TimelineFilters(), before, size=2)
        found += [event.pk for event in page.events]
        if page.older is None:
            break
        before = page.older
        stage.draft(title=f"another after {before.id}")
    assert found == everything


def test_revision_change__the_first_revision__adds_everything(stage: Stage) -> None:
    change = revision_change(Revision.objects.get(team=stage.food))
    assert change.before is None
    assert change.difference is not None
    assert [entry.table for entry in change.difference.tables] == [
        "fooddb/foodsearch/barcodes",
        "fooddb/foodsearch/brands",
    ]
    assert "environments/local/teams/food/tasks/foodsearch.json" in change.files_after


def test_table_life__an_imported_table__knows_versions_that_came_before(stage: Stage) -> None:
    life = table_life(TableIdentity(stage.environment, "fooddb", "foodsearch", "barcodes"))
    assert life is not None
    assert [(version.version, version.state) for version in life.versions] == [
        ("v202011191200", "active"),
        ("v202001010000", "retired"),
    ]
    assert life.versions[0].path == "s3://example-lake/data/fooddb_foodsearch_barcodes_v202011191200/"


def test_table_life__a_table_that_never_was__is_none(stage: Stage) -> None:
    assert table_life(TableIdentity(stage.environment, "fooddb", "foodsearch", "nothing")) is None
