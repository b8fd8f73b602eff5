"""Merging: everything or nothing, and only what was approved."""

import pytest
from django.core.exceptions import ValidationError

from replication.choices import AuditKind, ChangeRequestState, DeploymentState, OutboxState, VersionState
from replication.documents import document_hash, team_document_of_setup
from replication.documents.merging import Side
from replication.errors import ApprovalMissing, Behind, ChecksNotGreen, NotAllowed, StalePlan, WrongState
from replication.models import (
    AuditEvent,
    ChangeRequest,
    Deployment,
    LedgerEntry,
    OutboxItem,
    Revision,
    TableEntry,
    Task,
)
from replication.selectors.check_runs import current_check_run
from replication.selectors.rebase_sides import RebaseSides, rebase_sides
from replication.selectors.scopes import latest_revision, setup_with_parts
from replication.services.change_request_table_edits import (
    change_request_edit_tables_add,
    change_request_edit_tables_remove,
)
from replication.services.change_requests import change_request_submit
from replication.services.merging import change_request_merge
from replication.services.rebasing import change_request_rebase
from replication.services.reviews import review_approve
from tests.replication.conftest import Stage
from tests.replication.verdicts import FakeJudge


def approved(stage: Stage, *tables: str) -> ChangeRequest:
    """A change request that may be merged."""
    change_request = stage.in_review(*tables)
    _approve(stage, change_request)
    return change_request


def _approve(stage: Stage, change_request: ChangeRequest) -> None:
    run = current_check_run(change_request)
    assert run is not None
    review_approve(actor=stage.people.platform, change_request=change_request, fingerprint=run.fingerprint)


def test_merge__approved__accepts_exactly_the_document(stage: Stage) -> None:
    change_request = approved(stage, "foodsearch.products")

    deployment = change_request_merge(actor=stage.people.member, change_request=change_request)

    setup = setup_with_parts(stage.environment, stage.food)
    revision = latest_revision(stage.environment, stage.food)
    assert setup is not None
    assert revision is not None
    rows = team_document_of_setup(setup).model_dump(mode="json", by_alias=True, exclude_defaults=True)
    assert document_hash(rows) == change_request.document_hash == revision.document_hash
    assert (revision.number, revision.change_request, revision.author) == (2, change_request, stage.people.member)
    assert change_request.state == ChangeRequestState.MERGED
    assert (deployment.state, deployment.revision) == (DeploymentState.QUEUED, revision)
    assert deployment.stack == "sluice-local-food"
    assert deployment.approved_fingerprint
    assert AuditEvent.objects.filter(kind=AuditKind.CHANGE_MERGED, deployment=deployment).count() == 1


def test_merge__history__shows_what_changed_and_nothing_else(stage: Stage) -> None:
    before = TableEntry.history.count(), Task.history.count()
    change_request = approved(stage, "foodsearch.products")

    change_request_merge(actor=stage.people.colleague, change_request=change_request)

    row = TableEntry.history.first()
    assert (TableEntry.history.count(), Task.history.count()) == (before[0] + 1, before[1])
    assert (row.table_name, row.history_type, row.actor_name) == ("products", "+", "Carl Example")
    assert row.change_request_number == change_request.number
    assert row.history_change_reason == f"#{change_request.number} Add tables"


def test_merge__table_removed__is_retired_in_the_ledger(stage: Stage) -> None:
    change_request = stage.draft()
    change_request_edit_tables_remove(
        actor=stage.people.member,
        change_request=change_request,
        task="foodsearch",
        tables=["fooddb/foodsearch/brands"],
    )
    change_request_submit(actor=stage.people.member, change_request=change_request)
    stage.check(change_request)
    _approve(stage, change_request)

    change_request_merge(actor=stage.people.member, change_request=change_request)

    entry = LedgerEntry.objects.get(identity="fooddb/foodsearch/brands")
    assert entry.state == VersionState.RETIRED
    assert not TableEntry.objects.filter(table_name="brands").exists()
    assert TableEntry.history.filter(table_name="brands", history_type="-").count() == 1


def test_merge__outbox__carries_files_author_and_trailers(stage: Stage) -> None:
    change_request = approved(stage, "foodsearch.products")

    change_request_merge(actor=stage.people.colleague, change_request=change_request)

    item = OutboxItem.objects.order_by("-id")[0]
    assert item.state == OutboxState.PENDING
    assert item.payload["author"] == ["Mia Example", stage.people.member.email]
    assert item.payload["trailers"] == [
        ["Change-Request", f"#{change_request.number}"],
        ["Reviewed-by", f"Petra Example <{stage.people.platform.email}>"],
    ]
    assert "products" in item.payload["files"]["environments/local/teams/food/tasks/foodsearch.json"]
    assert "products" in item.payload["files"]["rendered/local/food.template.json"]


def test_merge__viewer__is_refused(stage: Stage) -> None:
    with pytest.raises(NotAllowed):
        change_request_merge(actor=stage.people.viewer, change_request=approved(stage))


def test_merge__without_approval__is_refused(stage: Stage) -> None:
    with pytest.raises(ApprovalMissing, match="0 of 1 approval"):
        change_request_merge(actor=stage.people.member, change_request=stage.in_review())


def test_merge__draft__is_refused(stage: Stage) -> None:
    with pytest.raises(WrongState):
        change_request_merge(actor=stage.people.member, change_request=stage.draft("foodsearch.products"))


def test_merge__twice__is_refused(stage: Stage) -> None:
    change_request = approved(stage)
    change_request_merge(actor=stage.people.member, change_request=change_request)

    with pytest.raises(WrongState):
        change_request_merge(actor=stage.people.member, change_request=change_request)

    assert Deployment.objects.count() == 1


def test_merge__another_was_accepted_meanwhile__is_behind(stage: Stage) -> None:
    first, second = approved(stage, "foodsearch.products"), approved(stage, "foodsearch.prices")
    change_request_merge(actor=stage.people.member, change_request=first)

    with pytest.raises(Behind, match="rebase"):
        change_request_merge(actor=stage.people.member, change_request=second)


def test_merge__something_breaks_halfway__leaves_nothing(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    change_request = approved(stage)

    def broken(**_: object) -> None:
        raise ValidationError("no room")

    monkeypatch.setattr("replication.services.acceptance.ledger_accept", broken)
    with pytest.raises(ChecksNotGreen):
        change_request_merge(actor=stage.people.member, change_request=change_request)

    change_request.refresh_from_db()
    assert change_request.state == ChangeRequestState.APPROVED
    assert Revision.objects.filter(team=stage.food).count() == 1
    assert not TableEntry.objects.filter(table_name="products").exists()
    assert not Deployment.objects.exists()


def test_rebase__other_entries_changed__both_changes_stand(stage: Stage) -> None:
    first, second = approved(stage, "foodsearch.products"), approved(stage, "foodsearch.prices")
    change_request_merge(actor=stage.people.member, change_request=first)

    change_request_rebase(actor=stage.people.member, change_request=second)

    assert second.state == ChangeRequestState.CHECKING
    stage.check(second)
    _approve(stage, second)
    change_request_merge(actor=stage.people.member, change_request=second)
    names = set(TableEntry.objects.filter(task__name="foodsearch").values_list("table_name", flat=True))
    assert names == {"barcodes", "brands", "products", "prices"}


def test_rebase__same_entry_changed__names_it(stage: Stage) -> None:
    first = approved(stage, "foodsearch.products v202701010000")
    second = stage.draft("foodsearch.products v202701020000")
    change_request_merge(actor=stage.people.member, change_request=first)

    with pytest.raises(Behind, match="fooddb/foodsearch/products in foodsearch") as refusal:
        change_request_rebase(actor=stage.people.member, change_request=second)

    assert refusal.value.data["entries"] == ["fooddb/foodsearch/products in foodsearch"]


def _conflicting(stage: Stage) -> tuple[ChangeRequest, RebaseSides]:
    """A draft with one table that was accepted otherwise meanwhile, and another one that meets nothing."""
    first = approved(stage, "foodsearch.products v202701010000")
    second = stage.draft("foodsearch.products v202701020000", "foodsearch.prices")
    change_request_merge(actor=stage.people.member, change_request=first)
    sides = rebase_sides(second)
    assert sides is not None
    return second, sides


@pytest.mark.parametrize(("side", "version"), [(Side.MINE, "v202701020000"), (Side.THEIRS, "v202701010000")])
def test_rebase__a_conflict_that_is_decided__stands_as_chosen_and_the_rest_joins(
    stage: Stage, side: Side, version: str
) -> None:
    change, sides = _conflicting(stage)
    change_request_rebase(
        actor=stage.people.member,
        change_request=change,
        choices={conflict.key: side for conflict in sides.conflicts},
        looked_at=sides.token,
    )
    tables = {entry["source"]: entry["version"] for entry in change.document["tasks"]["foodsearch"]["tables"]}
    assert tables["fooddb/foodsearch/products"] == version
    assert "fooddb/foodsearch/prices" in tables
    assert change.base_revision == sides.revisions[-1]
    run = change.check_runs.latest("id")
    assert (run.document_hash, run.state) == (change.document_hash, "pending")
    last = change.edits.last()
    assert last is not None
    assert "fooddb/foodsearch/products in foodsearch" in last.sentence


@pytest.mark.parametrize("looked_at", ["", "1-abc"])
def test_rebase__choices_made_for_other_sides__are_refused_and_the_draft_stays(stage: Stage, looked_at: str) -> None:
    change, sides = _conflicting(stage)
    choices = {conflict.key: Side.MINE for conflict in sides.conflicts}
    before = change.document_hash
    with pytest.raises(StalePlan, match="look again"):
        change_request_rebase(actor=stage.people.member, change_request=change, choices=choices, looked_at=looked_at)
    change.refresh_from_db()
    assert (change.document_hash, change.base_revision in sides.revisions) == (before, False)


def test_rebase__everything_of_it_was_accepted_meanwhile__is_checked_again_all_the_same(stage: Stage) -> None:
    first = approved(stage, "foodsearch.products v202701010000")
    second = stage.draft("foodsearch.products v202701010000", "foodsearch.prices")
    change_request_merge(actor=stage.people.member, change_request=first)
    runs = second.check_runs.count()
    change_request_rebase(actor=stage.people.member, change_request=second)
    assert second.check_runs.count() == runs + 1


def test_rebase_sides__one_conflict__tells_who_brought_it_and_what_joins(stage: Stage) -> None:
    _, sides = _conflicting(stage)
    [conflict] = sides.conflicts
    assert sides.accepted_by[conflict.key].title == "Add tables"
    assert sides.joins == (1, 0)


def test_rebase__nothing_new__does_nothing(stage: Stage) -> None:
    change_request = stage.draft("foodsearch.products")
    edits = change_request.edits.count()

    change_request_rebase(actor=stage.people.member, change_request=change_request)

    assert change_request.edits.count() == edits


def test_merge__edited_after_approval__needs_another_one(stage: Stage) -> None:
    change_request = approved(stage)
    change_request_edit_tables_add(
        actor=stage.people.member, change_request=change_request, task="foodsearch", entries=["foodsearch.more"]
    )
    stage.check(change_request, FakeJudge())

    with pytest.raises(ApprovalMissing):
        change_request_merge(actor=stage.people.member, change_request=change_request)
