"""What a change writes, as texts."""

from __future__ import annotations

from replication.documents import team_document_of
from replication.models import Review
from replication.selectors.change_request_files import (
    document_of_review,
    files_changed,
    mappings_changed,
    plan_of_review,
    template_changed,
)
from tests.replication.conftest import Stage


def test_files_changed__one_table_more__is_one_line_in_its_tasks_file(stage: Stage) -> None:
    draft = stage.draft("foodsearch.zebras")
    assert draft.base_revision is not None
    before, after = team_document_of(draft.base_revision.document), team_document_of(draft.document)
    changed = files_changed(stage.environment, stage.food, before, after)
    assert [text.title for text in changed] == ["environments/local/teams/food/tasks/foodsearch.json"]
    new = set(changed[0].after.splitlines()) - set(changed[0].before.splitlines())
    assert any("fooddb/foodsearch/zebras" in line for line in new)


def test_files_changed__a_new_team__has_nothing_before(stage: Stage) -> None:
    after = team_document_of(stage.draft().document)
    assert {text.before for text in files_changed(stage.environment, stage.food, None, after)} == {""}


def test_mappings_changed__equal_documents__differ_in_nothing(stage: Stage) -> None:
    document = team_document_of(stage.draft().document)
    assert mappings_changed(document, document) == []


def test_template_changed__one_table_more__changes_the_one_template(stage: Stage) -> None:
    draft = stage.draft("foodsearch.tags")
    assert draft.base_revision is not None
    before, after = team_document_of(draft.base_revision.document), team_document_of(draft.document)
    assert [text.title for text in template_changed(stage.environment, stage.food, before, after)] == [
        "local/food.template.json"
    ]


def test_document_of_review__of_what_is_accepted__is_not_known(stage: Stage) -> None:
    draft = stage.draft()
    review = Review(change_request=draft, document_hash="0" * 64)
    assert document_of_review(draft, review) is None
    assert plan_of_review(draft, review) is None
