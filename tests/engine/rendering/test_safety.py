"""What people write stays what it is: any text is refused, or stands in the template as one value that says it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import StrictUndefined
from jinja2.sandbox import SandboxedEnvironment
from pydantic import ValidationError

from deploy_engine.checks import CATALOGUE, run_check
from deploy_engine.checks.sample import BARCODES, sample_case, sample_subject, sample_task, sample_team_file
from deploy_engine.config import TableEntry, TaskFile, TeamFile
from deploy_engine.config.physical_names import table_prefix
from deploy_engine.diffing import read_mappings
from deploy_engine.rendering import render, stacks, task_mappings
from deploy_engine.rendering.rendered import functions_in
from deploy_engine.rendering.template_language import FOLDER
from tests.engine.nasty import NASTY

VERSION = "v202601010000"
PLAIN = sample_team_file().model_dump(mode="json", by_alias=True, exclude_defaults=True)
any_text = st.one_of(
    st.sampled_from(NASTY),
    st.text(max_size=20),
    st.text("ab_-%[]{}<>$\"'/\\.\n", max_size=8),
    st.builds(lambda before, nasty: before + nasty, st.text("aB_1", min_size=1, max_size=3), st.sampled_from(NASTY)),
)
adversarial = st.text("aB_", min_size=1, max_size=4)


def written_into_team(text: str) -> list[Callable[[dict[str, Any]], None]]:
    """Every place of a team's file where people write text, filled with ``text``."""
    return [
        lambda team: team.update(title=text),
        lambda team: team.update(contacts=[text]),
        lambda team: team.update(alert_channel=text),
        lambda team: team["sources"]["fooddb"].update(secret=text),
        lambda team: team["sources"]["fooddb"].update(catalogue_secret=text),
        lambda team: team["sources"]["fooddb"].update(database=text),
        lambda team: team["sources"].update({text: team["sources"]["fooddb"]}),
        lambda team: team["instances"]["main"].update({"class": text}),
        lambda team: team["instances"]["main"].update(engine_version=text),
        lambda team: team["instances"].update({text: team["instances"]["main"]}),
    ]


@settings(max_examples=60)
@given(any_text, any_text)
def test_task_mappings__any_text_as_schema_and_table__is_refused_or_read_back(schema: str, table: str) -> None:
    try:
        entry = TableEntry(source=f"fooddb/{schema}/{table}", version=VERSION)
    except ValidationError:
        return
    task = TaskFile(source="fooddb", instance="main", delivery="10min", paused=False, tables=(entry,))  # type: ignore[arg-type]
    (mapped,) = read_mappings(task_mappings(task))
    assert (mapped.schema, mapped.table, mapped.prefix) == (schema, table, table_prefix(entry))


@pytest.mark.parametrize("place", range(len(written_into_team(""))))
@settings(max_examples=40)
@given(text=any_text)
def test_render__any_text_in_a_teams_file__is_refused_or_stands_in_the_template_as_one_value(
    place: int, text: str
) -> None:
    value = json.loads(json.dumps(PLAIN))
    written_into_team(text)[place](value)
    try:
        team = TeamFile.model_validate(value)
    except ValidationError:
        return
    rendered = render(sample_subject(team=team))
    assert json.loads(rendered.text) == rendered.template
    assert rendered.text.isascii()
    used = {name for name, _ in functions_in(rendered.template)}
    assert used == {name for name, _ in functions_in(render(sample_subject()).template)}


@settings(max_examples=80)
@given(st.lists(st.tuples(adversarial, adversarial), min_size=2, max_size=5, unique=True))
def test_paths__adversarial_names__are_one_path_only_where_the_check_says_so(names: list[tuple[str, str]]) -> None:
    tables = [(f"fooddb/{schema}/{table}", VERSION) for schema, table in names]
    subject = sample_subject({"foodsearch": sample_task(tables)})
    entries = subject.team.document.tasks["foodsearch"].tables
    paths = [table_prefix(entry).casefold() for entry in entries]
    check = next(check for check in CATALOGUE if check.id == "paths.unique")
    found = run_check(check, sample_case(subject), timer=lambda: 0.0).findings
    assert {finding.pointer for finding in found} == {
        f"/tables/{index}" for index, path in enumerate(paths) if paths.count(path) > 1
    }
    within = [(one, other) for one in set(paths) for other in set(paths) if one != other and other.startswith(one)]
    assert within == []


@pytest.mark.parametrize(
    ("one", "other"), [("a_b/c", "a/b_c"), ("A/b", "a/B"), ("a/b_v202601010000", "a_b/v202601010000")]
)
def test_paths__names_that_join_to_the_same__are_found(one: str, other: str) -> None:
    tables = [(f"fooddb/{name}", VERSION) for name in (one, other)]
    subject = sample_subject({"foodsearch": sample_task(tables)})
    check = next(check for check in CATALOGUE if check.id == "paths.unique")
    assert len(run_check(check, sample_case(subject), timer=lambda: 0.0).findings) == 2


def test_nasty__texts__are_a_hundred_and_more_and_none_is_a_table() -> None:
    assert len(set(NASTY)) >= 100
    for text in NASTY:
        for identity in (f"fooddb/{text}/t", f"fooddb/s/{text}", f"{text}/s/t"):
            with pytest.raises(ValidationError):
                TableEntry(source=identity, version=VERSION)
    assert TableEntry(source=BARCODES[0], version=VERSION)


def test_templates__environment__is_sandboxed_strict_and_reads_the_packages_own_folder_only() -> None:
    environment = stacks._TEMPLATES._environment
    assert isinstance(environment, SandboxedEnvironment)
    assert environment.undefined is StrictUndefined
    assert environment.loader is not None
    assert environment.loader.searchpath == [str(FOLDER)]  # type: ignore[attr-defined]
    assert FOLDER.parent.name == "rendering"
