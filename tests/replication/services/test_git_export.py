"""Delivering commits: in order, once, until it succeeds."""

from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from deploy_engine.adapters.git_repository import GitRepository
from replication.choices import AuditKind, OutboxState
from replication.models import AuditEvent, OutboxItem
from replication.selectors.company import company_files
from replication.services.git_export import git_export_run
from replication.services.merging import change_request_merge
from tests.replication.conftest import Stage
from tests.replication.moments import travel
from tests.replication.services.test_merging import approved


def _repository() -> GitRepository:
    return GitRepository(Path(settings.GIT_REPOSITORY_PATH))


def test_git_export__import_and_merge__are_two_commits_in_order(stage: Stage) -> None:
    change_request = approved(stage)
    change_request_merge(actor=stage.people.colleague, change_request=change_request)

    assert git_export_run() == 2

    newest, oldest = _repository().log()
    assert newest.author == f"Mia Example <{stage.people.member.email}>"
    assert f"Change-Request: #{change_request.number}" in newest.message
    assert f"Reviewed-by: Petra Example <{stage.people.platform.email}>" in newest.message
    assert "Import" in oldest.message
    assert OutboxItem.objects.get(revision__change_request=change_request).receipt == newest.sha
    assert AuditEvent.objects.filter(kind=AuditKind.GIT_COMMITTED, change_request=change_request).count() == 1


def test_git_export__repository__is_what_the_portal_would_export(stage: Stage) -> None:
    change_request_merge(actor=stage.people.member, change_request=approved(stage))
    git_export_run()

    committed = {path: text for path, text in _repository().read().items() if not path.startswith("rendered/")}

    assert committed == company_files()


def test_git_export__nothing_waits__does_nothing(stage: Stage) -> None:
    git_export_run()

    assert git_export_run() == 0


def test_git_export__delivery_fails__waits_longer_and_lets_nothing_overtake(stage: Stage) -> None:
    change_request_merge(actor=stage.people.member, change_request=approved(stage))
    first, second = OutboxItem.objects.order_by("id")
    author = first.payload["author"]
    first.payload = {**first.payload, "author": ["", "nobody"]}
    first.save()

    assert git_export_run() == 0
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.attempts, first.state, second.state) == (1, OutboxState.PENDING, OutboxState.PENDING)
    assert "UnfitForGit" in first.last_error
    assert git_export_run() == 0

    first.payload = {**first.payload, "author": author}
    first.save()
    with travel(timezone.now() + timedelta(minutes=1)):
        assert git_export_run() == 2
