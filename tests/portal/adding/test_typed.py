"""What was typed into the form that adds tables."""

from __future__ import annotations

from django.http import QueryDict

from deploy_engine.findings import Finding, Status
from portal.web.changes.adding.typed import MOST_ROWS, nothing_typed, typed_from

CLOCK = "v202611231804"


def _data(query: str) -> QueryDict:
    return QueryDict(f"clock_version={CLOCK}&{query}")


def _finding(pointer: str) -> Finding:
    return Finding("config.schema", Status.FAILED, "it does not fit", pointer=pointer)


def test_typed__rows_and_a_list__are_one_list_of_lines_the_pasted_first() -> None:
    typed = typed_from(
        _data(f"schema=food&table=a&version={CLOCK}&schema=&table=&version={CLOCK}&pasted=food.b%0D%0A%0D%0Ac")
    )
    assert typed.entries == ["food.b", "", "c", "food/a", ""]
    assert typed.count == 3


def test_typed__a_version_of_ones_own__is_said_and_the_clocks_is_left_to_the_domain() -> None:
    typed = typed_from(_data(f"schema=s&table=a&version=v202001010000&schema=s&table=b&version={CLOCK}"))
    assert typed.entries == ["s/a v202001010000", "s/b"]


def test_typed__only_a_list__numbers_its_lines_from_one() -> None:
    typed = typed_from(_data("schema=&table=&version=&pasted=food.a%0Afood.b")).with_findings([_finding("/entries/1")])
    assert [(problem.line, problem.text) for problem in typed.problems] == [(2, "food.b")]


def test_typed__findings__stand_beside_their_row_or_line_or_above_all() -> None:
    typed = typed_from(_data("schema=s&table=a&version=&pasted=food.b")).with_findings(
        [_finding("/entries/0"), _finding("/entries/1"), _finding("/entries")]
    )
    assert [len(row.findings) for row in typed.rows] == [1]
    assert [problem.line for problem in typed.problems] == [1]
    assert len(typed.findings) == 1


def test_typed__fields_that_do_not_match__are_filled_up_with_nothing() -> None:
    typed = typed_from(_data("schema=s&schema=t&table=a"))
    assert [(row.schema, row.table) for row in typed.rows] == [("s", "a"), ("t", "")]


def test_typed__more_rows__come_at_the_end_up_to_a_limit() -> None:
    assert len(nothing_typed().with_more_rows().rows) == 4
    assert len(nothing_typed().with_more_rows(1000).rows) == MOST_ROWS


def test_typed__nothing_at_all__is_the_empty_form() -> None:
    assert typed_from(QueryDict("")).rows == nothing_typed().rows
