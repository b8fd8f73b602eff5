"""What a branch proposes, from its files alone."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy_engine.config.proposals import MOST_SCOPES, FileChange, ProposalReading, read_proposal
from tests.replication.company import FILES

TASK = "environments/local/teams/food/tasks/foodsearch.json"
Tree = Mapping[str, str | None]


def _read(before: Tree, after: Tree) -> ProposalReading:
    changed = [path for path in sorted({*before, *after}) if before.get(path) != after.get(path)]
    changes = [FileChange(path, path in after, True) for path in changed]

    def files(side: Tree, folder: str) -> Tree:
        return {path: text for path, text in side.items() if path == folder or path.startswith(folder + "/")}

    return read_proposal(changes, lambda folder: files(before, folder), lambda folder: files(after, folder))


def test_read_proposal__a_task_and_an_environment__are_two_scopes_before_and_after() -> None:
    environment = json.loads(FILES["environments/local/environment.json"])
    task = json.loads(FILES[TASK])
    environment["allowed_host_suffixes"] = [".example.com"]
    task["paused"] = True
    changed = {TASK: json.dumps(task), "environments/local/environment.json": json.dumps(environment)}

    reading = _read(dict(FILES), {**FILES, **changed})

    assert not reading.findings
    base, food = reading.scopes
    assert (base.team, base.after["environment"]["allowed_host_suffixes"]) == (None, [".example.com"])
    assert [side["tasks"]["foodsearch"]["paused"] for side in (food.before, food.after)] == [False, True]


def test_read_proposal__a_task_that_is_gone__is_gone_in_the_scope() -> None:
    after = {path: text for path, text in FILES.items() if path != TASK}
    (food,) = _read(dict(FILES), after).scopes
    assert (list(food.before["tasks"]), list(food.after["tasks"])) == (["foodsearch"], [])


def test_read_proposal__a_team_that_is_new__has_nothing_before() -> None:
    before = {path: text for path, text in FILES.items() if "/food/" not in path}
    after = {path: text for path, text in FILES.items() if not path.endswith("food/versions.json")}
    (food,) = _read(before, after).scopes
    assert (food.before, sorted(food.after["tasks"])) == ({}, ["foodsearch"])


def test_read_proposal__main_itself_is_unsound_there__says_who_can_mend_it() -> None:
    (finding,) = _read({**FILES, TASK: "{"}, dict(FILES)).findings
    assert "main itself holds no sound config" in finding.message


@pytest.mark.parametrize("path", ["environments/local/environment.json", "environments/local/teams/food/team.json"])
def test_read_proposal__a_scope_that_is_removed__is_refused(path: str) -> None:
    (finding,) = _read(dict(FILES), {name: text for name, text in FILES.items() if name != path}).findings
    assert (finding.file, finding.remedy) == (path, "remove its tasks and tables instead")


def test_read_proposal__more_scopes_than_anybody_reviews__says_to_split_it() -> None:
    team = FILES["environments/local/teams/food/team.json"]
    many = {f"environments/local/teams/team{number}/team.json": team for number in range(MOST_SCOPES + 1)}
    (finding,) = _read(dict(FILES), {**FILES, **many}).findings
    assert (finding.remedy, "51 teams" in finding.message) == ("split the branch", True)


@given(path=st.text(max_size=40), text=st.one_of(st.none(), st.text(max_size=40)))
def test_read_proposal__any_file_whatever__is_a_scope_or_a_finding(path: str, text: str | None) -> None:
    for place in (path, f"environments/{path}", f"environments/local/teams/food/tasks/{path}.json"):
        reading = _read(dict(FILES), {**FILES, place: text})
        assert bool(reading.findings) != bool(reading.scopes) or FILES.get(place) == text
        assert all(finding.message and finding.remedy for finding in reading.findings)
