"""The command that proves the audit, against anchors in real commits."""

from __future__ import annotations

import json
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from deploy_engine.adapters.git_repository import GitRepository
from replication.models import AuditEvent
from replication.models.append_only import guards_erect, guards_lifted
from replication.services.git_export import git_export_run
from tests.replication.conftest import Stage
from tests.replication.moments import travel


def _verify(code: int = 0) -> dict[str, Any]:
    out = StringIO()
    if code:
        with pytest.raises(SystemExit) as left:
            call_command("verify_audit", json=True, stdout=out)
        assert left.value.code == code
    else:
        call_command("verify_audit", json=True, stdout=out)
    answer: dict[str, Any] = json.loads(out.getvalue())
    return answer


def test_verify_audit__nothing_altered__says_what_no_anchor_covers(stage: Stage) -> None:
    git_export_run()
    stage.draft()

    answer = _verify()

    assert answer["ok"] is True
    chains = {chain["chain"]: chain for chain in answer["chains"]}
    assert chains["local"]["unanchored"] == 1
    assert chains["local"]["anchored"] >= 1


def test_verify_audit__an_event_altered_behind_the_guards__names_it(stage: Stage) -> None:
    event = AuditEvent.objects.filter(chain="local").earliest("sequence")
    with guards_lifted(connection):
        AuditEvent.objects.filter(pk=event.pk).update(actor_name="Somebody else")

    assert f"(event {event.pk}) is not as it was written" in _verify(1)["problems"][0]


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("document", '{"team": {}, "tasks": {}}', "The document of local/food revision 1 is not the one"),
        ("changed", '["tasks/foodsearch/delivery"]', "What local/food revision 1 says that it changed"),
    ],
)
def test_verify_audit__a_revision_altered_behind_the_guards__names_it(
    stage: Stage, column: str, value: str, words: str
) -> None:
    with guards_lifted(connection), connection.cursor() as cursor:
        statement = f"UPDATE replication_revision SET {column} = %s WHERE team_id = %s"  # noqa: S608 - our own column
        cursor.execute(statement, [value, stage.food.pk])

    assert words in _verify(1)["problems"][0]


def test_verify_audit__the_end_cut_off__is_known_from_the_commits(stage: Stage) -> None:
    git_export_run()
    newest = AuditEvent.objects.filter(chain="-").latest("sequence")
    git_export_run()
    with travel(timezone.now() + timedelta(days=1, minutes=1)):
        git_export_run()
    with guards_lifted(connection):
        AuditEvent.objects.filter(pk=newest.pk).delete()

    assert f"row {newest.sequence} is missing" in _verify(1)["problems"][0]


def test_verify_audit__a_guard_taken_away__is_named(stage: Stage) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER keep_replication_revision_delete")
    try:
        assert "keep_replication_revision_delete" in _verify(1)["problems"][0]
    finally:
        guards_erect(connection)


def test_verify_audit__a_folder_that_is_no_repository__is_a_usage_error(stage: Stage, tmp_path: Path) -> None:
    with pytest.raises(CommandError) as error:
        call_command("verify_audit", repository=tmp_path / "nothing")

    assert error.value.returncode == 2


def test_anchors__nothing_committed_for_a_day__get_a_commit_of_their_own_once(stage: Stage) -> None:
    git_export_run()
    repository = GitRepository(Path(settings.GIT_REPOSITORY_PATH))
    before = len(repository.log())
    with travel(timezone.now() + timedelta(days=1, minutes=1)):
        git_export_run()
        git_export_run()
    newest = repository.log()[0]
    assert len(repository.log()) == before + 1
    assert newest.message.startswith("Anchor the audit\n\nAudit-Chain: - ")
    with travel(timezone.now() + timedelta(days=3)):
        git_export_run()
    assert len(repository.log()) == before + 1
