"""The template language: nothing but JSON can be written, and nothing can be left out."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy_engine.rendering import UnsafeTemplate
from deploy_engine.rendering.template_language import Templates
from tests.engine.nasty import NASTY

Fill = Callable[..., dict[str, Any]]


@pytest.fixture
def fill(tmp_path: Path) -> Fill:
    """Fill a template that is given as text."""

    def fill_text(text: str, **values: object) -> dict[str, Any]:
        (tmp_path / "tried.j2").write_text(text, encoding="utf-8")
        return Templates(tmp_path).fill("tried.j2", **values)

    return fill_text


@pytest.mark.parametrize("name", NASTY, ids=ascii)
def test_fill__hostile_text__stays_one_value(fill: Fill, name: str) -> None:
    assert fill('{"Name": <<< name | json >>>, "Key": {<<< name | json >>>: 1}}', name=name) == {
        "Name": name,
        "Key": {name: 1},
    }


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner, max_size=3)))
def test_fill__any_json_value__comes_back_as_it_was(tmp_path_factory: pytest.TempPathFactory, value: object) -> None:
    folder = tmp_path_factory.getbasetemp()
    (folder / "tried.j2").write_text('{"Value": <<< value | json >>>}', encoding="utf-8")

    assert Templates(folder).fill("tried.j2", value=value) == {"Value": value}


def test_fill__braces_of_cloudformation__need_no_escaping(fill: Fill) -> None:
    assert fill('{"A": {"Fn::GetAtt": ["B", "Arn"]}, "C": "{{}}"}') == {
        "A": {"Fn::GetAtt": ["B", "Arn"]},
        "C": "{{}}",
    }


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"Name": <<< name >>>}', "JSON filter"),
        ('{"Name": "<<< name >>>"}', "JSON filter"),
        ('{"Name": <<< name | upper >>>}', "JSON filter"),
        ('{"Name": <<< nmae | json >>>}', "nmae"),
        ('{"Name": <<< name.size | json >>>}', "size"),
        ('{"Name": <<< name | json | upper >>>}', "JSON filter"),
        ('{"Name": <<< name.__class__.__mro__ | json >>>}', "__class__"),
        ('{"Name": <<< name | json >>>, "Name": 1}', "key twice: Name"),
        ('{"Name": <<< name | json >>>,}', "does not make JSON"),
        ('{"Name": <<< name | json >>>', "does not make JSON"),
        ("{% include 'another.j2' %}", "another.j2"),
    ],
)
def test_fill__a_template_that_breaks_a_rule__is_refused(fill: Fill, text: str, words: str) -> None:
    with pytest.raises(UnsafeTemplate, match=words):
        fill(text, name="food")
