"""Long lists, a part at a time."""

from __future__ import annotations

from django.http import QueryDict

from portal.presenters.folding import PER_PAGE, fold

MANY = list(range(250))


def test_fold__a_short_list__is_shown_whole() -> None:
    part = fold(MANY[:5], "things", QueryDict(""), first=5)
    assert (part.shown, part.words, part.all_url) == (MANY[:5], "", "")


def test_fold__a_long_list__shows_the_first_and_the_way_to_all_of_them() -> None:
    part = fold(MANY, "things", QueryDict("show=files&seen=x"), first=5)
    assert (part.shown, part.words) == (MANY[:5], "The first 5 of 250.")
    assert part.all_url == "?show=files&all-things=1"


def test_fold__the_newest__are_the_last_and_all_of_them_begin_at_the_last_page() -> None:
    part = fold(MANY, "things", QueryDict(""), first=5, newest=True)
    assert (part.shown, part.all_url) == (MANY[-5:], "?all-things=3")


def test_fold__all_of_them__come_page_by_page_and_can_be_folded_again() -> None:
    part = fold(MANY, "things", QueryDict("all-things=2&all-others=1"), first=5)
    assert part.shown == MANY[PER_PAGE : 2 * PER_PAGE]
    assert part.words == "101 to 200 of 250."
    assert part.earlier_url == "?all-others=1&all-things=1"
    assert part.later_url == "?all-others=1&all-things=3"
    assert part.few_url == "?all-others=1"


def test_fold__a_page_that_is_none__is_the_first_part_or_the_last_page() -> None:
    assert fold(MANY, "things", QueryDict("all-things=x"), first=5).shown == MANY[:5]
    assert fold(MANY, "things", QueryDict("all-things=0"), first=5).shown == MANY[:5]
    assert fold(MANY, "things", QueryDict("all-things=99"), first=5).shown == MANY[200:]
