"""Changing a review policy, and what another one demands."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from replication.choices import AuditKind, ChangeRequestState, Demanded
from replication.errors import FrozenNow, NotAllowed, ProofMissing, ReasonRequired
from replication.models import AuditEvent, TeamSetup
from replication.selectors.check_runs import current_check_run
from replication.selectors.policy_preview import policy_preview
from replication.selectors.requirements import merge_requirements
from replication.services.merging import change_request_merge
from replication.services.review_policies import PolicyValues, review_policy_change
from replication.services.reviews import review_approve
from tests.replication.conftest import Stage
from tests.replication.moments import travel
from tests.replication.verdicts import FakeJudge, load_effect

AS_IT_IS = PolicyValues(
    approvals_needed=1,
    approvals_risky=1,
    platform_approves_risky=True,
    risky_pause_minutes=15,
    risky_loads=None,
    rehearsal=Demanded.NEVER,
    trial=Demanded.NEVER,
    freeze_windows="",
)


def _change(stage: Stage, values: PolicyValues) -> None:
    setup = TeamSetup.objects.get(team=stage.food)
    review_policy_change(actor=stage.people.platform, setup=setup, values=values, reason="we learnt")


def _approved(stage: Stage) -> int:
    change = stage.in_review(judge=FakeJudge(effects=(load_effect("fooddb/foodsearch/products"),)))
    run = current_check_run(change)
    assert run is not None
    review_approve(actor=stage.people.reviewer, change_request=change, fingerprint=run.fingerprint)
    return int(change.number)


def test_review_policy_change__another_number__is_in_history_and_audit(stage: Stage) -> None:
    _change(stage, replace(AS_IT_IS, approvals_needed=2))

    row = TeamSetup.objects.get(team=stage.food).history.first()
    assert (row.approvals_needed, row.history_change_reason) == (2, "we learnt")
    assert AuditEvent.objects.get(kind=AuditKind.POLICY_CHANGED).data["changed"] == {"approvals_needed": [1, 2]}


def test_review_policy_change__approved_change_has_too_few_now__is_in_review_again(stage: Stage) -> None:
    number = _approved(stage)

    _change(stage, replace(AS_IT_IS, approvals_needed=2))

    change = stage.food.change_requests.get(number=number)
    assert change.state == ChangeRequestState.IN_REVIEW
    assert merge_requirements(change).approvals.sentence == "1 of 2 approvals"


@pytest.mark.parametrize(
    ("values", "refusal"),
    [
        (replace(AS_IT_IS, rehearsal=Demanded.ALWAYS), ProofMissing),
        (replace(AS_IT_IS, trial=Demanded.ALWAYS), ProofMissing),
        (replace(AS_IT_IS, freeze_windows="2026-11-24 - 2026-11-26 the shops are busy"), FrozenNow),
    ],
)
def test_merge__policy_demands_what_is_not_there__refused_in_words(
    stage: Stage, values: PolicyValues, refusal: type[Exception]
) -> None:
    with travel(datetime(2026, 11, 25, 12, 0, tzinfo=UTC), tick=False):
        change = stage.food.change_requests.get(number=_approved(stage))
        _change(stage, values)

        with pytest.raises(refusal):
            change_request_merge(actor=stage.people.member, change_request=change)


def test_requirements__nothing_special_demanded__shows_no_line_for_it(stage: Stage) -> None:
    change = stage.in_review()

    names = [line.name for line in merge_requirements(change).lines]

    assert names == ["checks", "approvals", "not-behind", "stack-free"]


def test_policy_preview__stricter_policy__names_the_change_that_it_would_have_held_up(stage: Stage) -> None:
    change = stage.food.change_requests.get(number=_approved(stage))
    change_request_merge(actor=stage.people.member, change_request=change)
    setup = TeamSetup.objects.get(team=stage.food)

    assert policy_preview(setup, AS_IT_IS.policy).held_up == ()
    stricter = replace(AS_IT_IS, approvals_needed=2, rehearsal=Demanded.ALWAYS)
    (held,) = policy_preview(setup, stricter.policy).held_up
    assert held.change_request == change
    assert held.obstacles == ("1 of 2 approvals", "no rehearsal")


def test_review_policy_change__without_a_reason_or_by_a_member__refused(stage: Stage) -> None:
    setup = TeamSetup.objects.get(team=stage.food)
    with pytest.raises(ReasonRequired):
        review_policy_change(actor=stage.people.platform, setup=setup, values=AS_IT_IS, reason=" ")
    with pytest.raises(NotAllowed):
        review_policy_change(actor=stage.people.reviewer, setup=setup, values=AS_IT_IS, reason="we like it")
