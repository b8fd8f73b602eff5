"""The line of time, page by page."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from replication.choices import AuditKind
from replication.models import AuditEvent, Revision
from replication.selectors.tables import TableIdentity, table_life
from replication.selectors.timeline import TimelineFilters, revision_change, timeline
from replication.services.audit import audit_write
from tests.replication.conftest import Stage
from tests.replication.factories import EnvironmentFactory


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


@pytest.mark.parametrize("kind", list(AuditKind))
def test_timeline__each_kind__is_found_by_itself_and_by_what_it_is_about(stage: Stage, kind: AuditKind) -> None:
    event = audit_write(actor=None, kind=kind, sentence="It happened.", environment=stage.environment)
    about = kind.value.partition(".")[0]

    for asked in (kind.value, about):
        found = timeline(TimelineFilters(kind=asked), size=1000).events
        assert event in found
        assert {each.kind.partition(".")[0] for each in found} == {about}


def _scene(stage: Stage) -> dict[str, AuditEvent]:
    """One event that differs from the first in one thing each."""
    elsewhere = EnvironmentFactory(name="elsewhere")
    usual: dict[str, Any] = {"kind": AuditKind.TABLE_STATE_CHANGED, "sentence": "It happened."}
    usual |= {"actor": stage.people.member, "environment": stage.environment, "team": stage.food, "table": "a/b/c"}
    differing: dict[str, dict[str, Any]] = {
        "it": {},
        "environment": {"environment": elsewhere},
        "team": {"team": stage.orders},
        "kind": {"kind": AuditKind.TASK_STATE_CHANGED},
        "person": {"actor": stage.people.reviewer},
        "table": {"table": "a/b/d"},
    }
    return {name: audit_write(**(usual | change)) for name, change in differing.items()}


def test_timeline__each_filter_and_all_together__let_through_what_fits(stage: Stage) -> None:
    scene = _scene(stage)
    chosen = {"environment": "local", "team": "food", "kind": "table", "person": "Mia Example", "table": "a/b/c"}

    for name, value in chosen.items():
        found = timeline(TimelineFilters(**{name: value}), size=1000).events  # type: ignore[arg-type]  # all are texts
        assert [each for each, event in scene.items() if event not in found] == [name]
    assert timeline(TimelineFilters(**chosen), size=1000).events == [scene["it"]]  # type: ignore[arg-type]  # as above


def test_timeline__a_span_of_time__has_its_begin_and_not_its_end(stage: Stage) -> None:
    begin = timezone.now() + timedelta(hours=1)
    for minutes in (-1, 0, 59, 60):
        with time_machine.travel(begin + timedelta(minutes=minutes), tick=False):
            audit_write(actor=None, kind=AuditKind.SIGNED_OUT, sentence=f"After {minutes} minutes.")

    found = timeline(TimelineFilters(since=begin, until=begin + timedelta(hours=1))).events

    assert [event.sentence for event in found] == ["After 59 minutes.", "After 0 minutes."]


def test_timeline__filtered_and_read_page_by_page__leaves_out_nothing_of_one_moment(stage: Stage) -> None:
    with time_machine.travel(timezone.now(), tick=False):
        told = [
            audit_write(actor=None, kind=kind, sentence=f"Number {number}.", environment=stage.environment)
            for number in range(7)
            for kind in (AuditKind.SIGNED_IN, AuditKind.SIGN_IN_REFUSED, AuditKind.REFUSED_ATTEMPT)
        ]
    filters, found, before = TimelineFilters(environment="local", kind="session"), list[int](), None
    while True:
        page = timeline(filters, before, size=3)
        found += [event.pk for event in page.events]
        before = page.older
        if before is None:
            break

    assert found == [event.pk for event in reversed(told) if event.kind.startswith("session")]
