"""Names: what nothing downstream can read as anything else is accepted, everything else refused."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import PydanticCustomError

from deploy_engine.config.names import (
    check_bucket_name,
    check_plain_text,
    check_secret_name,
    check_slug,
    check_table_name,
    check_team_slug,
)
from tests.engine.nasty import NASTY
from tests.engine.strategies import slugs, table_names, team_slugs


@pytest.mark.parametrize("text", NASTY, ids=ascii)
def test_check_table_name__nasty_text__is_refused(text: str) -> None:
    with pytest.raises(PydanticCustomError):
        check_table_name(text)


@pytest.mark.parametrize("text", [*NASTY, "A", "a_b", "a--b", "a-", "1a"], ids=ascii)
def test_check_slug__nasty_text__is_refused(text: str) -> None:
    with pytest.raises(PydanticCustomError):
        check_slug(text)


@pytest.mark.parametrize("text", [*NASTY, "a", "A1", "a-b", "a_b", "1a", "base", "sluice", "a" * 21], ids=ascii)
def test_check_team_slug__nasty_or_reserved_text__is_refused(text: str) -> None:
    with pytest.raises(PydanticCustomError):
        check_team_slug(text)


@given(table_names, slugs, team_slugs)
def test_names__what_is_allowed__is_taken_as_it_is(table: str, slug: str, team: str) -> None:
    assert (check_table_name(table), check_slug(slug), check_team_slug(team)) == (table, slug, team)


@given(st.text())
def test_check_table_name__any_text__is_refused_or_matches_the_allow_list(text: str) -> None:
    try:
        accepted = check_table_name(text)
    except PydanticCustomError:
        return
    assert re.fullmatch("[A-Za-z0-9_][A-Za-z0-9_-]{0,62}", accepted, re.ASCII)


@pytest.mark.parametrize("text", ["/a", "a/", "a//b", "a/../b", "sluice/food/${x}", "a b", "sluice/food/x\n"])
def test_check_secret_name__no_plain_path__is_refused(text: str) -> None:
    with pytest.raises(PydanticCustomError):
        check_secret_name(text)


@pytest.mark.parametrize("text", ["ab", "a.b.c", "Abc", "-abc", "abc-", "a" * 64, "abc\n"])
def test_check_bucket_name__no_bucket__is_refused(text: str) -> None:
    with pytest.raises(PydanticCustomError):
        check_bucket_name(text)


@pytest.mark.parametrize("text", ["Food & drink", "Früchte", "l'équipe", "a" * 200])
def test_check_plain_text__words_for_people__are_taken(text: str) -> None:
    assert check_plain_text(text) == text


@pytest.mark.parametrize("text", ["", "  ", "a\nb", "a\u202eb", "{{resolve:x}}", "${x}", "<<<x", "e\u0301", "a" * 201])
def test_check_plain_text__marks_or_controls__are_refused(text: str) -> None:
    with pytest.raises(PydanticCustomError):
        check_plain_text(text)
