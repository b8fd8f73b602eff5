"""What was accepted and what was audited never changes, whoever asks."""

import pytest
from django.db import IntegrityError, connection, transaction

from replication.models import AuditEvent, LedgerEntry, Review, Revision
from replication.models.append_only import guarded_models, guards_erect, guards_lifted, guards_missing
from replication.services.reviews import review_request_changes
from tests.replication.conftest import Stage


def test_revision__saved_again__is_a_defect(stage: Stage) -> None:
    revision = Revision.objects.all()[0]
    revision.title = "rewritten"

    with pytest.raises(TypeError):
        revision.save()


def test_audit_event__saved_again_or_deleted__is_a_defect(stage: Stage) -> None:
    event = AuditEvent.objects.all()[0]

    with pytest.raises(TypeError):
        event.save()
    with pytest.raises(TypeError):
        event.delete()


def test_guards__of_every_kept_table__are_in_the_database(db: None) -> None:
    assert guards_missing(connection) == []


def test_guards__every_kept_table_with_rows__refuses_to_lose_them(stage: Stage) -> None:
    change_request = stage.in_review()
    review_request_changes(actor=stage.people.reviewer, change_request=change_request, reason="Say why.")
    kept = [model for model in guarded_models() if model._default_manager.exists()]

    assert len(kept) > len(guarded_models()) / 2
    for model in kept:
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f'DELETE FROM "{model._meta.db_table}"')  # noqa: S608 - our own table


def test_guards__a_ledger_entry__is_retired_but_never_comes_back(stage: Stage) -> None:
    retired = LedgerEntry.objects.filter(state="retired")

    with pytest.raises(IntegrityError), transaction.atomic():
        retired.update(state="active")
    with pytest.raises(IntegrityError), transaction.atomic():
        retired.update(version="v202901010000")


def test_guards__a_review__is_voided_but_keeps_its_words(stage: Stage) -> None:
    change_request = stage.in_review()
    review_request_changes(actor=stage.people.reviewer, change_request=change_request, reason="Say why.")
    reviews = Review.objects.all()

    assert reviews.update(voided_reason="edited since") == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        reviews.update(reason="I never said that.")


def test_guards_lifted__afterwards__stand_again(db: None) -> None:
    with guards_lifted(connection):
        assert len(guards_missing(connection)) > len(guarded_models())
    assert guards_missing(connection) == []


def test_guards_missing__a_trigger_that_no_longer_refuses__is_named(db: None) -> None:
    name = "keep_replication_revision_delete"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {name}")
        cursor.execute(f"CREATE TRIGGER {name} BEFORE DELETE ON replication_revision BEGIN SELECT 1; END")
    try:
        assert guards_missing(connection) == [name]
    finally:
        guards_erect(connection)
