"""Who may do what, as docs/roles.md has it."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import AnonymousUser, User

from replication.errors import CannotApproveOwnChange
from replication.models import ChangeRequest
from replication.policies import (
    Decision,
    can_approve,
    can_close,
    can_comment,
    can_deploy,
    can_edit,
    can_export_audit,
    can_manage_platform,
    can_merge,
    can_propose,
    can_rehearse,
    can_request_checks,
    can_review,
    can_submit,
)
from tests.replication.conftest import Stage
from tests.replication.factories import MembershipFactory

OWN_TEAM = {"member", "colleague", "reviewer", "platform"}
REVIEWERS = {"reviewer", "platform"}
PLATFORM = {"platform"}
EVERYBODY = ("member", "colleague", "reviewer", "stranger", "platform", "auditor", "viewer")
OF_A_CHANGE: dict[Callable[[User, ChangeRequest], Decision], set[str]] = {
    can_edit: OWN_TEAM,
    can_submit: OWN_TEAM,
    can_close: OWN_TEAM,
    can_comment: OWN_TEAM,
    can_request_checks: OWN_TEAM,
    can_merge: OWN_TEAM,
    can_rehearse: OWN_TEAM,
    can_review: REVIEWERS,
    can_approve: REVIEWERS,
}


def _allowed(stage: Stage, policy: Callable[[User], Decision]) -> set[str]:
    return {name for name in EVERYBODY if policy(getattr(stage.people, name))}


@pytest.mark.parametrize(("policy", "allowed"), OF_A_CHANGE.items(), ids=lambda item: getattr(item, "__name__", ""))
def test_policies__change_of_a_team__allow_whom_the_table_names(
    stage: Stage, policy: Callable[[User, ChangeRequest], Decision], allowed: set[str]
) -> None:
    change_request = stage.draft()

    assert _allowed(stage, lambda actor: policy(actor, change_request)) == allowed


@pytest.mark.parametrize("policy", OF_A_CHANGE, ids=lambda item: item.__name__)
def test_policies__change_of_the_base_stack__is_for_the_platform_team_alone(
    stage: Stage, policy: Callable[[User, ChangeRequest], Decision]
) -> None:
    change_request = ChangeRequest(environment=stage.environment, team=None, number=1)

    assert _allowed(stage, lambda actor: policy(actor, change_request)) == PLATFORM


def test_policies__acts_in_a_scope__allow_whom_the_table_names(stage: Stage) -> None:
    def propose(actor: User) -> Decision:
        return can_propose(actor, stage.environment, stage.food)

    def deploy(actor: User) -> Decision:
        return can_deploy(actor, stage.environment, stage.food)

    assert _allowed(stage, propose) == OWN_TEAM
    assert _allowed(stage, deploy) == OWN_TEAM
    assert _allowed(stage, can_manage_platform) == PLATFORM
    assert _allowed(stage, can_export_audit) == {"platform", "auditor"}


def test_can_approve__author__is_refused_with_a_reason(stage: Stage) -> None:
    author = MembershipFactory(team=stage.food, role="reviewer").user
    change_request = stage.draft("foodsearch.products", actor=author)

    decision = can_approve(author, change_request)

    assert not decision
    assert decision.refusal is CannotApproveOwnChange
    assert "somebody else" in decision.reason


def test_can_approve__who_edited_only__is_refused(stage: Stage) -> None:
    change_request = stage.draft("foodsearch.products")
    editor = stage.people.platform
    change_request.edits.create(
        editor=editor, editor_name="Petra", at=change_request.created_at, sentence="edited", document={}
    )

    assert can_approve(editor, change_request).refusal is CannotApproveOwnChange


def test_policies__nobody_signed_in__may_do_nothing(stage: Stage) -> None:
    change_request = stage.draft()

    assert not can_export_audit(AnonymousUser())
    assert not any(policy(AnonymousUser(), change_request) for policy in OF_A_CHANGE)  # type: ignore[arg-type]


def test_policies__person_who_was_locked_out__may_do_nothing(stage: Stage) -> None:
    stage.people.platform.is_active = False

    assert not can_manage_platform(stage.people.platform)


def test_decision__every_refusal__has_a_reason(stage: Stage) -> None:
    change_request = stage.draft()
    refusals = [policy(stage.people.viewer, change_request) for policy in OF_A_CHANGE]

    assert all(decision.reason.endswith(".") for decision in refusals)
