"""One pass over a company: where it is sure, no check has a finding; where it is not, the checks say what they say."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deploy_engine.checks import CATALOGUE, Case, run_check
from deploy_engine.checks.fleet import SURE_OF, fleet_findings, sure_scopes
from deploy_engine.checks.sample import NOW
from deploy_engine.config import Subject, parse_company
from deploy_engine.findings import Finding
from deploy_engine.live import Observation
from tests.engine.example_company import example_files

LOCAL = "environments/local/teams"
FILES = {
    path: text
    for path, text in example_files().items()
    if "/teams/" not in path or path.startswith((f"{LOCAL}/food/", f"{LOCAL}/identity/"))
}
TASK = f"{LOCAL}/food/tasks/foodsearch.json"
EDITS = [
    ("barcodes", "Barcodes"),
    ("barcodes", "brands"),
    ("foodsearch/brands", "food/search_brands"),
    ("v202011191200", "v203001010000"),
    ("v202011191200", "v201911191200"),
    ("v202011191200", "v202011191201"),
    ('"active"', '"retired"'),
    ('"paused": false', '"paused": true'),
    (', "paused": true', ""),
    ('"main"', '"big"'),
    ('"fooddb"', '"accounts"'),
    ('"postgres"', '"mysql"'),
    ("fooddb/", "accounts/"),
    ('  "tables"', '   "tables"'),
    ("[\n", "[\n\n"),
    ("{", "{{"),
    ("identity", "food"),
]


def exact_findings(files: dict[str, str]) -> set[Finding]:
    """What reading and the checks say of every team, without any quick way: each file is put out of canonical form."""
    parsed = parse_company({path: text + "\n" for path, text in files.items()})
    if parsed.company is None:
        return set(parsed.findings)
    cases = [
        Case(Subject(parsed.company, name, slug), None, None, Observation.offline(NOW), NOW)
        for name, environment in parsed.company.environments.items()
        for slug in environment.teams
    ]
    checks = [check for check in CATALOGUE if check.id in SURE_OF]
    return {parsed.as_written(finding) for case in cases for check in checks for finding in check.run(case)}


def test_sure_scopes__example_company__is_sure_of_every_scope() -> None:
    company = parse_company(example_files()).company
    assert company is not None
    every = {(name, slug) for name, of in company.environments.items() for slug in (None, *of.teams)}
    assert sure_scopes(example_files()) == every
    assert fleet_findings(example_files(), NOW) == ()
    assert exact_findings(example_files()) == set()


@settings(max_examples=120)
@given(
    edits=st.lists(st.tuples(st.sampled_from(sorted(FILES)), st.sampled_from(EDITS)), min_size=1, max_size=3),
    gone=st.sampled_from([*sorted(FILES), "", "", ""]),
    copied=st.sampled_from([f"{LOCAL}/identity/tasks/copy.json", f"{LOCAL}/food/tasks/copy.json", "", "", ""]),
)
def test_fleet_findings__edited_company__are_those_of_the_checks(
    edits: list[tuple[str, tuple[str, str]]], gone: str, copied: str
) -> None:
    files = {path: text for path, text in FILES.items() if path != gone}
    if copied:
        files[copied] = FILES[TASK]
    for path, (old, new) in edits:
        if path in files:
            files[path] = files[path].replace(old, new, 1 if old != "fooddb/" else -1)
    expected = exact_findings(files)
    assert {finding.message for finding in fleet_findings(files, NOW)} == {finding.message for finding in expected}
    sure = sure_scopes(files)
    assert not [finding for finding in expected for scope in sure if f"/teams/{scope[1]}/" in finding.file]


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        (TASK, "foodsearch/barcodes", "foodsearch/Brands"),
        (TASK, '"main"', '"big"'),
        (TASK, "v202011191200", "v202011191300"),
        (TASK, '"source": "fooddb",', '"source": "otherdb",'),
        (f"{LOCAL}/food/team.json", '"fooddb": {', '"accountsdb": {'),
        (f"{LOCAL}/food/versions.json", '"active"', '"retired"'),
    ],
)
def test_sure_scopes__something_wrong_in_one_team__is_sure_of_the_others_only(path: str, old: str, new: str) -> None:
    files = {**FILES, path: FILES[path].replace(old, new, 1)}
    files[f"{LOCAL}/food/team.json"] = (
        files[f"{LOCAL}/food/team.json"].replace("postgres", "mysql").replace('      "database": "food",\n', "")
    )
    sure = sure_scopes(files)
    assert ("local", "food") not in sure
    assert ("local", None) not in sure
    assert ("local", "identity") in sure


def test_sure_scopes__two_teams_write_to_one_path__is_sure_of_neither() -> None:
    files = {**FILES, f"{LOCAL}/identity/tasks/copy.json": FILES[TASK]}
    assert not {("local", "food"), ("local", "identity")} & sure_scopes(files)


@pytest.mark.parametrize("path", sorted(FILES))
def test_sure_scopes__a_file_with_a_finding__is_sure_of_nothing(path: str) -> None:
    assert sure_scopes({**FILES, path: FILES[path] + "x"}) == frozenset()


def test_run_check__known_to_pass__says_so_without_looking() -> None:
    company = parse_company(FILES).company
    assert company is not None
    case = Case(Subject(company, "local", "nobody"), None, None, Observation.offline(NOW), NOW, SURE_OF)
    results = [run_check(check, case, timer=lambda: 0.0) for check in CATALOGUE if check.id in SURE_OF]
    assert [result.findings for result in results] == [()] * len(SURE_OF)
    assert not any(result.blocks for result in results)
