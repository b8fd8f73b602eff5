"""Promoting a team to the next environment."""

from __future__ import annotations

import json
from typing import Any

import pytest

from deploy_engine.config import TeamDocument
from replication.choices import AuditKind
from replication.documents import team_document_of
from replication.errors import InvalidInput, NotAllowed, NotFound
from replication.models import AuditEvent, ChangeRequest, Environment, TeamSetup
from replication.selectors.scopes import latest_revision
from replication.services.acceptance import Acceptance, team_document_accept
from replication.services.change_request_promote import change_request_promote
from replication.services.change_requests import change_request_submit
from replication.services.merging import change_request_merge
from replication.services.reviews import review_approve
from tests.replication.conftest import Stage
from tests.replication.factories import EnvironmentFactory
from tests.replication.verdicts import FakeJudge

SECRET = "sources.fooddb.secret"


@pytest.fixture
def sandbox(stage: Stage) -> Environment:
    """The environment after `local`."""
    return EnvironmentFactory(name="sandbox", position=1)


def _promote(stage: Stage, target: Environment, **values: Any) -> ChangeRequest:
    common: dict[str, Any] = {"actor": stage.people.member, "source": stage.environment, "team": stage.food}
    return change_request_promote(**{**common, "environment": target, "title": "Promote food", **values})


def _document(change_request: ChangeRequest) -> TeamDocument:
    return team_document_of(change_request.document)


def test_promote__a_team_that_is_new_there__drafts_all_of_it_under_fresh_versions(
    stage: Stage, sandbox: Environment
) -> None:
    draft = _promote(stage, sandbox, own={SECRET: "sluice/food/other", "instances.main.storage_gb": 20})
    document = _document(draft)
    source = latest_revision(stage.environment, stage.food)
    assert source is not None
    accepted = team_document_of(source.document)
    assert draft.promoted_from == source
    assert [entry.source for _, entry in document.entries] == [entry.source for _, entry in accepted.entries]
    assert all(new.version > old.version for (_, new), (_, old) in zip(document.entries, accepted.entries, strict=True))
    assert document.team.sources["fooddb"].secret == "sluice/food/other"
    assert document.team.instances["main"].storage_gb == 20
    assert [edit.sentence for edit in draft.edits.all()] == ["promoted local/food revision 1"]
    assert draft.check_runs.count() == 1
    assert AuditEvent.objects.filter(kind=AuditKind.CHANGE_CREATED, change_request=draft).exists()


def test_promote__merged__sets_the_team_up_there_and_the_commit_says_from_where(
    stage: Stage, sandbox: Environment
) -> None:
    draft = _promote(stage, sandbox)
    change_request_submit(actor=stage.people.member, change_request=draft)
    stage.check(draft, FakeJudge())
    run = draft.check_runs.order_by("-id").first()
    assert run is not None
    review_approve(actor=stage.people.platform, change_request=draft, fingerprint=run.fingerprint)
    deployment = change_request_merge(actor=stage.people.member, change_request=draft)
    assert TeamSetup.objects.filter(environment=sandbox, team=stage.food).exists()
    payload = json.dumps(deployment.revision.outbox_items.get().payload)
    assert '["Promoted-From", "local/food revision 1"]' in payload
    with pytest.raises(InvalidInput, match="nothing to promote"):
        _promote(stage, sandbox)


def test_promote__a_team_that_is_there__keeps_its_own_values(stage: Stage, sandbox: Environment) -> None:
    first = _document(_promote(stage, sandbox))
    task = first.tasks["foodsearch"]
    own = first.with_task("foodsearch", task.model_copy(update={"paused": True, "tables": task.tables[1:]}))
    accepted = team_document_accept(
        environment=sandbox, team=stage.food, document=own, acceptance=Acceptance(stage.people.platform, "set up")
    )
    assert accepted.number == 1
    document = _document(_promote(stage, sandbox))
    assert document.tasks["foodsearch"].paused
    assert document.tasks["foodsearch"].tables[1:] == task.tables[1:]
    assert document.tasks["foodsearch"].tables[0].source == "fooddb/foodsearch/barcodes"


@pytest.mark.parametrize(
    ("own", "pointer"),
    [
        ({SECRET: "a b"}, f"/{SECRET}"),
        ({"instances.main.class": "huge"}, "/instances.main.class"),
        ({"alert_channel": "nobody"}, "/alert_channel"),
        ({"sources.fooddb.engine": "mysql"}, "/sources.fooddb.engine"),
    ],
)
def test_promote__a_value_that_does_not_fit__is_named_and_no_draft_is_left(
    stage: Stage, sandbox: Environment, own: dict[str, str], pointer: str
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        _promote(stage, sandbox, own=own)
    assert [finding.pointer for finding in refusal.value.findings] == [pointer]
    assert not ChangeRequest.objects.exists()


def test_promote__backwards_or_from_nothing__is_not_found(stage: Stage, sandbox: Environment) -> None:
    with pytest.raises(NotFound, match="does not come after"):
        _promote(stage, stage.environment, source=sandbox)
    last = EnvironmentFactory(name="production", position=2)
    with pytest.raises(NotFound, match="nothing in sandbox"):
        _promote(stage, last, source=sandbox)


def test_promote__a_stranger__is_refused(stage: Stage, sandbox: Environment) -> None:
    with pytest.raises(NotAllowed):
        _promote(stage, sandbox, actor=stage.people.stranger)
