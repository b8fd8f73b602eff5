"""How a deployment waits for its turn, is held against its approval, and is handed to the engine."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from deploy_engine.adapters.verdict import Verdict
from deploy_engine.config import Subject
from deploy_engine.execution.states import State
from replication.choices import ChangeRequestState, DeploymentState
from replication.models import Deployment
from replication.services.deployment_ticks import (
    BROKEN_TICKS_UNTIL_STUCK,
    WAIT_FOR_WORLD,
    deployment_tick,
    deployments_due,
)
from replication.services.deployments import base_deploy, team_deploy
from replication.services.merging import change_request_merge
from replication.services.reviews import review_approve
from tests.replication.conftest import Stage
from tests.replication.services.test_merging import approved
from tests.replication.verdicts import FakeJudge, load_effect, removal_effect, result_failed, result_silent


@pytest.fixture
def merged(stage: Stage) -> Deployment:
    """A merged change request's deployment."""
    return change_request_merge(actor=stage.people.member, change_request=approved(stage))


def _tick(deployment: Deployment, judge: FakeJudge | None = None) -> float | None:
    def no_engine(_: Deployment) -> float | None:
        raise AssertionError("the engine was not asked for yet")

    wait = deployment_tick(deployment_id=deployment.pk, judge=judge or FakeJudge(), ticker=no_engine)
    deployment.refresh_from_db()
    return wait


def test_tick__same_plan_as_approved__is_handed_to_the_engine(merged: Deployment) -> None:
    assert _tick(merged) == 0.0

    assert (merged.state, merged.phase) == (DeploymentState.QUEUED, State.QUEUED.value)
    assert merged.record["run"] == merged.run
    assert merged.plan is not None


def test_tick__handed_over__is_the_engine_s_business(merged: Deployment) -> None:
    _tick(merged)
    asked: list[str] = []

    def engine(deployment: Deployment) -> float:
        asked.append(deployment.run)
        return 2.0

    assert deployment_tick(deployment_id=merged.pk, judge=FakeJudge(), ticker=engine) == 2.0
    assert asked == [merged.run]


def test_tick__plan_does_more_than_was_approved__is_refused_untouched(merged: Deployment) -> None:
    surprise = FakeJudge(effects=(removal_effect("fooddb/foodsearch/brands"),), world="changed")

    assert _tick(merged, surprise) is None

    assert merged.state == DeploymentState.REFUSED
    assert "brands stops being replicated" in merged.sentence
    assert merged.change_request is not None
    assert merged.change_request.state == ChangeRequestState.OUT_OF_SYNC


def test_tick__plan_does_less_than_was_approved__goes(stage: Stage) -> None:
    effects = (load_effect("fooddb/foodsearch/products"), load_effect("fooddb/foodsearch/prices"))
    change_request = stage.in_review(judge=FakeJudge(effects=effects))
    run = change_request.check_runs.order_by("-id")[0]

    review_approve(actor=stage.people.reviewer, change_request=change_request, fingerprint=run.fingerprint)
    deployment = change_request_merge(actor=stage.people.member, change_request=change_request)

    _tick(deployment, FakeJudge(effects=effects[:1], world="the older one is done"))

    assert deployment.record


def test_tick__deployed_without_an_approval__any_plan_goes(stage: Stage) -> None:
    deployment = team_deploy(actor=stage.people.platform, environment=stage.environment, team=stage.food)

    _tick(deployment, FakeJudge(effects=(removal_effect("fooddb/foodsearch/brands"),)))

    assert deployment.record


def test_tick__an_older_one_of_the_stack__goes_first(stage: Stage) -> None:
    first, second = (
        team_deploy(actor=stage.people.platform, environment=stage.environment, team=stage.food) for _ in range(2)
    )

    assert _tick(second) == 5.0
    assert f"Waits for deployment {first.pk}" in second.sentence


def test_tick__an_older_base_change_that_stops_all_tasks__goes_before_a_team_s(stage: Stage) -> None:
    base, team = _base_and_team(stage)
    base.plan = {"locks": [base.stack, team.stack]}
    base.save()

    assert _tick(team) == 5.0
    assert team.sentence == f"Waits for deployment {base.pk} of the base stack, which stops the tasks of every team."


def test_tick__an_older_base_change_that_stops_nobody__is_not_waited_for(stage: Stage) -> None:
    base, team = _base_and_team(stage)
    base.plan = {"locks": []}
    base.save()

    assert _tick(team) == 0.0


def test_tick__a_base_change_that_stops_all_tasks__waits_for_an_older_one_of_a_team(stage: Stage) -> None:
    team = team_deploy(actor=stage.people.platform, environment=stage.environment, team=stage.food)
    base, _ = _base_and_team(stage)

    def judge(subject: Subject) -> Verdict:
        verdict = FakeJudge()(subject)
        assert verdict.plan is not None
        return replace(verdict, plan=replace(verdict.plan, locks=(base.stack, team.stack)))

    assert deployment_tick(deployment_id=base.pk, judge=judge) == 5.0
    base.refresh_from_db()
    assert base.sentence == f"Waits for deployment {team.pk} of food: this one stops the tasks of every team."


def _base_and_team(stage: Stage) -> tuple[Deployment, Deployment]:
    """Deployments of the base and then of the team food, both waiting."""
    platform, environment = stage.people.platform, stage.environment
    base = base_deploy(actor=platform, environment=environment)
    return base, team_deploy(actor=platform, environment=environment, team=stage.food)


@pytest.mark.parametrize(
    "judge",
    [
        FakeJudge(results=(result_silent(),)),
        FakeJudge(results=(result_failed("load.not-interrupted", "a table is loading"),)),
    ],
    ids=["aws-away", "loading"],
)
def test_tick__world_not_ready__waits_and_says_why(merged: Deployment, judge: FakeJudge) -> None:
    assert _tick(merged, judge) == WAIT_FOR_WORLD.total_seconds()

    assert merged.state == DeploymentState.QUEUED
    assert merged.sentence.startswith("Waits: ")


def test_tick__a_check_fails_for_good__is_refused(merged: Deployment) -> None:
    _tick(merged, FakeJudge(results=(result_silent(), result_failed("paths.unique", "two tables share a folder"))))

    assert merged.state == DeploymentState.REFUSED
    assert "two tables share a folder" in merged.sentence


def test_tick__finished__does_nothing(merged: Deployment) -> None:
    merged.state = DeploymentState.DONE
    merged.save()

    assert _tick(merged) is None


def test_tick__engine_breaks_off_again_and_again__people_are_told(merged: Deployment) -> None:
    _tick(merged)
    merged.state = DeploymentState.RUNNING
    merged.save()

    def broken(_: Deployment) -> float | None:
        raise RuntimeError("no memory")

    for _ in range(BROKEN_TICKS_UNTIL_STUCK):
        deployment_tick(deployment_id=merged.pk, judge=FakeJudge(), ticker=broken)

    merged.refresh_from_db()
    assert merged.state == DeploymentState.STUCK
    assert "no memory" in merged.sentence


def test_deployments_due__overdue_and_untold__are_found(merged: Deployment, stage: Stage) -> None:
    now = timezone.now()
    untold = team_deploy(actor=stage.people.platform, environment=stage.environment, team=stage.orders)
    untold.state, untold.next_tick_at = DeploymentState.DONE, None
    untold.save()

    assert deployments_due(now + timedelta(seconds=1)) == [merged.pk, untold.pk]
    assert deployments_due(now - timedelta(hours=1)) == [untold.pk]
