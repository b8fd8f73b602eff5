"""A document as the things that people edit one by one."""

from __future__ import annotations

from typing import Any

import pytest

from replication.documents.units import Place, document_of_units, place_words, places_differing, units_of

DOCUMENT: dict[str, Any] = {
    "team": {"title": "Food", "sources": {"db": {"engine": "mysql"}}, "instances": {"main": {"class": "small"}}},
    "tasks": {"one": {"source": "db", "tables": [{"source": "db/s/first", "version": "v202001010000"}]}},
}


def test_document_of_units__the_units_of_a_document__is_that_document() -> None:
    assert document_of_units(units_of(DOCUMENT)) == DOCUMENT
    environment = {"environment": {"region": "a", "network": {"vpc": "vpc-1"}}}
    assert document_of_units(units_of(environment)) == environment


def test_places_differing__a_table_and_a_source__names_both_and_nothing_else() -> None:
    other = {
        "team": {**DOCUMENT["team"], "sources": {"db": {"engine": "postgres"}}},
        "tasks": {"one": {"source": "db", "tables": []}},
    }
    places = places_differing(units_of(DOCUMENT), units_of(other))
    assert set(places) == {("team", "sources", "db"), ("tasks", "one", "tables", "db/s/first")}


@pytest.mark.parametrize(
    ("place", "words"),
    [
        (("tasks", "one", "tables", "db/s/first"), "db/s/first in one"),
        (("tasks", "one"), "the task one"),
        (("team", "sources", "db"), "the source db"),
        (("team", "alert_channel"), "the alert channel"),
    ],
)
def test_place_words__each_kind__are_what_people_say(place: Place, words: str) -> None:
    assert place_words(place) == words
