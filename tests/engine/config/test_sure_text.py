"""The quick reading never differs from the models': what it accepts they accept, with the same values."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deploy_engine.config import Ledger, TaskFile, canonical_ledger, canonical_task, parse_text
from deploy_engine.config.sure_text import ledger_of, sure_ledger, sure_task
from tests.engine.nasty import NASTY
from tests.engine.strategies import table_names, tasks, versions

TASK = """\
{
  "source": "fooddb",
  "instance": "main",
  "delivery": "10min",
  "paused": false,
  "settings": {"max_full_load_sub_tasks": 4},
  "tables": [
    {"source": "fooddb/foodsearch/barcodes", "version": "v202011191200"},
    {"source": "fooddb/foodsearch/brands", "version": "v202008040000", "paused": true}
  ]
}
"""
LEDGER = """\
{
  "fooddb/foodsearch/barcodes": {"v202008040000": "retired", "v202011191200": "active"},
  "fooddb/foodsearch/brands": {"v202008040000": "retired"}
}
"""
identities = st.builds(lambda schema, table: f"fooddb/{schema}/{table}", table_names, table_names)
ledgers = st.dictionaries(
    identities, st.dictionaries(versions, st.sampled_from(["active", "retired"]), min_size=1, max_size=3), max_size=4
)


PUT = ['"', "{", "}", ",", "\n", "  ", "0", "9", "_", "%", "A", "-", "true", "null", *NASTY]


@st.composite
def mutated(draw: st.DrawFn, text: str) -> str:
    """``text`` with a piece of it said again, left out, moved to the end or replaced, or its lines turned round."""
    start = draw(st.integers(0, len(text)))
    before, piece = text[:start], text[start : start + draw(st.integers(0, 40))]
    after, put = text[start + len(piece) :], draw(st.sampled_from(PUT))
    lines = text.split("\n")
    line = start % len(lines)
    turned = "\n".join([*lines[:line], *lines[line : line + 2][::-1], *lines[line + 2 :]])
    doubled = "\n".join([*lines[:line], lines[line], *lines[line:]])
    mutations = [before + piece + piece + after, before + after, before + after + piece, before + put + after]
    return draw(st.sampled_from([*mutations, before + put + piece + after, turned, doubled]))


def same_reading(text: str) -> None:
    """Whatever the quick readings accept is what the models read."""
    rows, ledger = sure_task(text), sure_ledger(text)
    if rows is not None:
        read = parse_text(TaskFile, text)
        assert rows.file() == read
        assert rows.file().model_fields_set == read.model_fields_set
        assert [entry.model_fields_set for entry in rows.file().tables] == [
            entry.model_fields_set for entry in read.tables
        ]
    if ledger is not None:
        assert ledger_of(ledger) == parse_text(Ledger, text)


@settings(max_examples=30)
@given(tasks())
def test_sure_task__any_canonical_task__is_what_the_models_read(task: TaskFile) -> None:
    text = canonical_task(task)
    assert sure_task(text) is not None
    same_reading(text)


@settings(max_examples=20)
@given(ledgers)
def test_sure_ledger__any_canonical_ledger__is_what_the_models_read(tables: dict[str, dict[str, str]]) -> None:
    text = canonical_ledger(Ledger.model_validate(tables))
    assert (sure_ledger(text) is not None) == bool(tables)
    same_reading(text)


@settings(max_examples=200)
@given(st.one_of(mutated(TASK), mutated(LEDGER)))
def test_sure_text__mutated_file__is_read_as_the_models_do_or_left_to_them(text: str) -> None:
    same_reading(text)


@pytest.mark.parametrize("nasty", NASTY)
def test_sure_text__nasty_name__is_left_to_the_models(nasty: str) -> None:
    for old in ("fooddb", "main", "foodsearch", "brands", "v202008040000"):
        assert sure_task(TASK.replace(old, nasty)) is None
        assert old == "main" or sure_ledger(LEDGER.replace(old, nasty)) is None


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("v202011191200", "v202002301200"),
        ("v202011191200", "v202011192400"),
        ("v202011191200", "v000011191200"),
        ('"main"', f'"{"a" * 31}"'),
        ("10min", "5min"),
        ('"paused": false', '"paused": 0'),
        (', "paused": true', ', "paused": false'),
        ('"max_full_load_sub_tasks": 4', '"max_full_load_sub_tasks": 4, "max_full_load_sub_tasks": 5'),
        ('"max_full_load_sub_tasks": 4', '"max_full_load_sub_tasks": 0'),
        ("barcodes", "zebras"),
        ('"instance": "main",', '"instance": "main",\n  "instance": "main",'),
        ("  ]\n}\n", "  ]\n}\n\n"),
        ("  ]\n}\n", "  ]\n}"),
    ],
)  # fmt: skip
def test_sure_task__not_canonical_or_wrong__is_left_to_the_models(old: str, new: str) -> None:
    assert sure_task(TASK) is not None
    assert sure_task(TASK.replace(old, new)) is None


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("brands", "barcodes"),
        ("v202008040000", "v202011191200"),
        ("v202011191200", "v202002301200"),
        ("active", "gone"),
        ('{"v202008040000": "retired"}', "{}"),
    ],
)
def test_sure_ledger__key_twice_or_wrong__is_left_to_the_models(old: str, new: str) -> None:
    assert sure_ledger(LEDGER) is not None
    assert sure_ledger(LEDGER.replace(old, new)) is None
