"""Listing a source's tables: asked for once, read by a worker, kept with its age and with the reason why not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from replication.errors import NotAllowed
from replication.models import SourceListing
from replication.services.source_listings import FRESH_FOR, source_listing_read, source_listing_want
from tests.replication.conftest import Sent, Stage
from tests.replication.listing import BARCODES, LOGS, SHOPS, PretendSource, open_source
from tests.replication.moments import travel


def test_want__nothing_is_there_yet__a_worker_is_asked_once(
    stage: Stage, sent: Sent, django_capture_on_commit_callbacks: object
) -> None:
    source = open_source(stage)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        for _ in range(3):
            source_listing_want(actor=stage.people.member, source=source, anew=True)
    assert sent.count(("replication.read_source", (source.pk,))) == 1


def test_want__by_somebody_of_another_team__is_refused(stage: Stage) -> None:
    with pytest.raises(NotAllowed):
        source_listing_want(actor=stage.people.stranger, source=open_source(stage))


def test_want__nothing_may_be_read__nobody_is_asked(stage: Stage) -> None:
    source = open_source(stage)
    source.catalogue_secret = ""
    source.save()
    source_listing_want(actor=stage.people.member, source=source, anew=True)
    assert not SourceListing.objects.exists()


def test_want__a_list_is_fresh__is_read_again_only_where_asked_or_old(stage: Stage) -> None:
    source, member = open_source(stage), stage.people.member
    source_listing_read(source_id=source.pk, read=PretendSource(BARCODES))

    def asked() -> bool:
        return SourceListing.objects.get().asked_at is not None

    source_listing_want(actor=member, source=source)
    assert not asked()
    source_listing_want(actor=member, source=source, anew=True)
    assert asked()
    source_listing_read(source_id=source.pk, read=PretendSource(BARCODES))
    with travel(timezone.now() + FRESH_FOR + timedelta(seconds=1)):
        source_listing_want(actor=member, source=source)
    assert asked()


def test_read__source_answers__keeps_tables_and_what_is_wrong_with_its_settings(stage: Stage) -> None:
    source = open_source(stage)
    pretend = PretendSource(LOGS, BARCODES, settings={"wal_level": "replica", "max_replication_slots": "10"})
    source_listing_read(source_id=source.pk, read=pretend)
    listing = SourceListing.objects.get()
    assert listing.tables[1] == ["foodsearch", "barcodes", 5_000, 400_000, "primary key", ""]
    assert "neither a primary key nor a replica identity" in listing.tables[0][5]
    assert listing.problems == [
        "The setting wal_level is replica, and has to be logical: its log does not hold what replication needs."
    ]
    assert (pretend.asked[0].catalogue_secret, pretend.asked[0].database) == ("sluice/food/fooddb-catalogue", "food")


def test_read__source_is_away__keeps_the_reason_beside_the_older_list(stage: Stage) -> None:
    source = open_source(stage)
    source_listing_read(source_id=source.pk, read=PretendSource(SHOPS))
    source_listing_read(source_id=source.pk, read=PretendSource(why="the database refuses connections"))
    listing = SourceListing.objects.get()
    assert listing.reason == "the database refuses connections"
    assert [table[1] for table in listing.tables] == ["shops"]
    assert listing.asked_at is None


def test_read__another_secret_since__forgets_what_the_former_one_led_to(stage: Stage) -> None:
    source = open_source(stage)
    source_listing_read(source_id=source.pk, read=PretendSource(SHOPS))
    source.catalogue_secret = "sluice/food/other-catalogue"
    source.save()
    source_listing_read(source_id=source.pk, read=PretendSource(why="its host is not allowed"))
    listing = SourceListing.objects.get()
    assert (listing.tables, listing.read_at) == ([], None)


def test_read__source_is_gone__does_nothing(stage: Stage) -> None:
    source_listing_read(source_id=999, read=PretendSource(SHOPS))
    assert not SourceListing.objects.exists()
