"""Environments: adding one, their order, editing one, and bringing a team into one."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from replication.choices import AuditKind
from replication.documents import base_document_of, environment_file_of
from replication.errors import InvalidInput, NotAllowed, NotFound, WrongState
from replication.models import AuditEvent, ChangeRequest, Environment, EnvironmentStatus, OutboxItem, Team, TeamSetup
from replication.selectors.base_changes import (
    base_template_changed,
    environment_file_changed,
    environment_values_changed,
)
from replication.services.change_request_propose_edit import change_request_propose_edit
from replication.services.change_requests import change_request_create, change_request_submit
from replication.services.environment_edits import change_request_edit_environment
from replication.services.environments import environment_add, environment_move_earlier, team_add
from replication.services.merging import change_request_merge
from replication.services.reviews import review_approve
from tests.replication.conftest import Stage
from tests.replication.factories import EnvironmentFactory, GlobalRoleFactory
from tests.replication.verdicts import FakeJudge

VALUES: dict[str, Any] = {
    "account": "999988887777",
    "region": "eu-central-1",
    "lake_bucket": "lake-two",
    "templates_bucket": "templates-two",
    "network.vpc": "vpc-0123456789abcdef1",
    "network.subnets": ["subnet-0123456789abcdef2", "subnet-0123456789abcdef3"],
    "roles.planner": "arn:aws:iam::999988887777:role/planner",
    "roles.deployer": "arn:aws:iam::999988887777:role/deployer",
    "roles.cloudformation": "arn:aws:iam::999988887777:role/cloudformation",
    "allowed_host_suffixes": [],
}
TEAM: dict[str, Any] = {
    "slug": "loyalty",
    "title": "Loyalty",
    "contacts": ["loyalty@example.com"],
    "alert_channel": "loyalty@example.com",
}


def _change(stage: Stage, **changes: Any) -> ChangeRequest:
    """A base change of `local` by the platform engineer, its places with `__` for the dot."""
    draft = change_request_create(
        actor=stage.people.platform, environment=stage.environment, team=None, title="Change it"
    )
    named = {place.replace("__", "."): value for place, value in changes.items()}
    return change_request_edit_environment(actor=stage.people.platform, change_request=draft, changes=named)


def test_edit__other_values__are_proposed_and_nothing_else_moves(stage: Stage) -> None:
    draft = _change(stage, network__subnets=["subnet-0aaaaaaaaaaaaaaaa", "subnet-0bbbbbbbbbbbbbbbb"])
    assert environment_values_changed(draft) == [
        (
            "network/subnets",
            "subnet-0123456789abcdef0, subnet-0123456789abcdef1",
            "subnet-0aaaaaaaaaaaaaaaa, subnet-0bbbbbbbbbbbbbbbb",
        )
    ]
    assert [text.title for text in environment_file_changed(draft)] == ["environments/local/environment.json"]
    assert "subnet-0aaaaaaaaaaaaaaaa" in base_template_changed(draft)[0].after
    assert [edit.sentence for edit in draft.edits.all()] == ["changed the environment: network.subnets"]
    assert draft.check_runs.count() == 1


@pytest.mark.parametrize(
    ("place", "value", "pointer"),
    [
        ("network.vpc", "my-network", "/network.vpc"),
        ("network.subnets", ["subnet-0aaaaaaaaaaaaaaaa", "x"], "/network.subnets/1"),
        ("roles.planner", "planner", "/roles.planner"),
        ("allowed_host_suffixes", ["*"], "/allowed_host_suffixes/0"),
        ("templates_bucket", "example-lake", ""),
    ],
)
def test_edit__a_value_that_does_not_fit__is_named(stage: Stage, place: str, value: object, pointer: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        _change(stage, **{place.replace(".", "__"): value})
    assert refusal.value.findings[0].pointer.rstrip("/") == pointer


@pytest.mark.parametrize(
    ("place", "value"), [("account", "000011112222"), ("region", "us-east-1"), ("lake_bucket", "another-lake")]
)
def test_edit__what_a_deployed_environment_stands_on__stays_and_says_why(stage: Stage, place: str, value: str) -> None:
    EnvironmentStatus.objects.create(
        environment=stage.environment, base_stack_state="CREATE_COMPLETE", observed_at=timezone.now()
    )
    with pytest.raises(InvalidInput) as refusal:
        _change(stage, **{place: value})
    (finding,) = refusal.value.findings
    assert (finding.pointer, finding.remedy) == (f"/{place}", "make another environment")


def test_edit__nothing_deployed_yet__the_lake_may_still_be_another(stage: Stage) -> None:
    draft = _change(stage, lake_bucket="another-lake")
    assert base_document_of(draft.document).environment.lake_bucket == "another-lake"


def test_edit__a_members_or_a_teams__is_refused(stage: Stage) -> None:
    with pytest.raises(NotAllowed):
        change_request_propose_edit(
            actor=stage.people.member,
            environment=stage.environment,
            team=None,
            title="No",
            edit=lambda change_request: change_request,
        )
    with pytest.raises(NotFound):
        change_request_edit_environment(
            actor=stage.people.platform, change_request=stage.draft(), changes={"region": "eu-west-1"}
        )


def test_base_change__reviewed_and_merged__becomes_the_environments_file_and_a_deployment(stage: Stage) -> None:
    draft = _change(stage, allowed_host_suffixes=[".db.example.com"])
    change_request_submit(actor=stage.people.platform, change_request=draft)
    stage.check(draft, FakeJudge())
    run = draft.check_runs.order_by("-id").first()
    assert run is not None
    with pytest.raises(NotAllowed):
        review_approve(actor=stage.people.platform, change_request=draft, fingerprint=run.fingerprint)
    other = GlobalRoleFactory(user__first_name="Paul").user
    review_approve(actor=other, change_request=draft, fingerprint=run.fingerprint)
    deployment = change_request_merge(actor=stage.people.platform, change_request=draft)
    assert (deployment.stack, deployment.team) == ("sluice-local-base", None)
    stage.environment.refresh_from_db()
    assert environment_file_of(stage.environment).allowed_host_suffixes == (".db.example.com",)


def test_environment_add__a_whole_file__comes_last_and_drafts_its_base(stage: Stage) -> None:
    draft = environment_add(actor=stage.people.platform, name="production", values=VALUES)
    environment = Environment.objects.get(name="production")
    assert environment == Environment.objects.last()
    assert (draft.environment, draft.team, draft.base_revision) == (environment, None, None)
    assert base_document_of(draft.document).environment == environment_file_of(environment)
    assert AuditEvent.objects.filter(kind=AuditKind.ENVIRONMENT_CREATED, environment=environment).exists()
    assert environment.history.get().actor_name == "Petra Example"


@pytest.mark.parametrize(
    ("name", "values", "pointer"),
    [
        ("Not A Slug", {}, "/name"),
        ("local", {}, "/name"),
        ("second", {"account": "111122223333"}, "/account"),
        ("second", {"account": "12"}, "/account"),
    ],
)
def test_environment_add__what_cannot_be__is_named_and_nothing_is_left(
    stage: Stage, name: str, values: dict[str, Any], pointer: str
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        environment_add(actor=stage.people.platform, name=name, values={**VALUES, **values})
    assert [finding.pointer for finding in refusal.value.findings] == [pointer]
    assert Environment.objects.count() == 1


def test_move_earlier__the_second__becomes_the_first_and_the_audit_tells_the_order(stage: Stage) -> None:
    sandbox = EnvironmentFactory(name="sandbox", position=1)
    environment_move_earlier(actor=stage.people.platform, environment=sandbox)
    assert [row.name for row in Environment.objects.all()] == ["sandbox", "local"]
    assert "sandbox → local" in AuditEvent.objects.get(kind=AuditKind.ENVIRONMENT_MOVED).sentence
    with pytest.raises(WrongState):
        environment_move_earlier(actor=stage.people.platform, environment=sandbox)


def test_team_add__a_new_team__is_there_with_a_revision_and_its_commit(stage: Stage) -> None:
    revision = team_add(actor=stage.people.platform, environment=stage.environment, **TEAM)
    assert (revision.team, revision.number) == (Team.objects.get(slug="loyalty"), 1)
    paths = OutboxItem.objects.get(revision=revision).payload["files"]
    assert "environments/local/teams/loyalty/team.json" in paths
    kinds = set(AuditEvent.objects.filter(team=revision.team).values_list("kind", flat=True))
    assert {AuditKind.TEAM_CREATED, AuditKind.TEAM_ADDED} <= kinds


@pytest.mark.parametrize(
    ("values", "pointer"),
    [
        ({"slug": "food"}, "/slug"),
        ({"slug": "base"}, "/slug"),
        ({"contacts": ["nobody"]}, "/contacts/0"),
        ({"alert_channel": "x"}, "/alert_channel"),
    ],
)
def test_team_add__what_does_not_fit__is_named_and_nothing_is_left(
    stage: Stage, values: dict[str, Any], pointer: str
) -> None:
    before = TeamSetup.objects.count()
    with pytest.raises(InvalidInput) as refusal:
        team_add(actor=stage.people.platform, environment=stage.environment, **{**TEAM, **values})
    assert refusal.value.findings[0].pointer == pointer
    assert (TeamSetup.objects.count(), Team.objects.count()) == (before, before)


def test_adding_and_moving__anybody_but_the_platform_team__is_refused(stage: Stage) -> None:
    for act in (
        lambda actor: environment_add(actor=actor, name="production", values=VALUES),
        lambda actor: environment_move_earlier(actor=actor, environment=stage.environment),
        lambda actor: team_add(actor=actor, environment=stage.environment, **TEAM),
    ):
        with pytest.raises(NotAllowed):
            act(stage.people.reviewer)
