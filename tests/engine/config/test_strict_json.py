"""Strict JSON: what Python's reader forgives is refused, with its place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy_engine.config.strict_json import MAX_CHARACTERS, JsonProblem, pointer_of, read_strict_json


def test_read_strict_json__plain_value__is_read() -> None:
    assert read_strict_json('{"a": [1, true, null]}\n') == {"a": [1, True, None]}


@pytest.mark.parametrize(
    "text",
    [
        "", "{", "{]", '{"a": 1,}', "{'a': 1}", '{"a": NaN}', '{"a": Infinity}', '{"a": 1} x', '{"a": 1}{}', "[1 2]",
        '"\n"', "\ufeff{}", '{"a": ' + "9" * 5000 + "}", "[" * 100_000, '{"a":' * 100_000,
    ],
    ids=range(15),
)  # fmt: skip
def test_read_strict_json__no_strict_json__is_refused(text: str) -> None:
    with pytest.raises(JsonProblem):
        read_strict_json(text)


def test_read_strict_json__key_twice_deep_inside__is_refused_with_its_pointer() -> None:
    with pytest.raises(JsonProblem, match="'x/y' stands twice") as caught:
        read_strict_json('{"tables": [{}, {"x/y": 1, "x/y": 1}]}')

    assert caught.value.pointer == "/tables/1/x~1y"


def test_read_strict_json__text_after_the_value__is_named_with_line_and_column() -> None:
    with pytest.raises(JsonProblem, match="text after the end of the JSON value at line 2, column 1"):
        read_strict_json("{}\n{}")


def test_read_strict_json__endless_nesting__is_refused_in_words() -> None:
    with pytest.raises(JsonProblem):
        read_strict_json("[" * 100_000 + "]" * 100_000)


def test_read_strict_json__just_as_long_as_allowed__is_read() -> None:
    assert read_strict_json("1" + " " * (MAX_CHARACTERS - 1)) == 1


def test_read_strict_json__flood__is_refused_before_it_is_parsed() -> None:
    with pytest.raises(JsonProblem, match="characters"):
        read_strict_json(" " * (MAX_CHARACTERS + 1))


@given(st.text(max_size=20))
def test_read_strict_json__any_text__is_read_or_refused_in_words(text: str) -> None:
    try:
        read_strict_json(text)
    except JsonProblem as problem:
        assert problem.message
        assert problem.remedy


def test_pointer_of__steps_with_slash_and_tilde__escapes_them() -> None:
    assert pointer_of(("a/b", 0, "c~d")) == "/a~1b/0/c~0d"
