"""What kills cost is told from the journal: a disturbed pause against the median of the calm ones."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from portal.demo.chaos.killing import Kill
from portal.demo.chaos.pauses import cost_of
from replication.choices import DeploymentState
from replication.models import Deployment
from replication.services.deployments import team_deploy
from tests.replication.conftest import Stage


def _paused(stage: Stage, seconds: float, begins_after: float) -> Deployment:
    began = timezone.now() + timedelta(seconds=begins_after)
    deployment = team_deploy(actor=stage.people.platform, environment=stage.environment, team=stage.food)
    for number, (phase, at) in enumerate([("guard", 0.0), ("pause", 0.0), ("verify", seconds)], 1):
        deployment.journal.create(
            sequence=number, at=began + timedelta(seconds=at), kind="info", phase=phase, sentence=phase
        )
    deployment.state = DeploymentState.DONE
    deployment.save()
    return deployment


def test_cost_of__one_kill_in_one_pause__is_what_it_lasted_longer_than_the_calm_ones(stage: Stage) -> None:
    calm = [_paused(stage, 8, 0), _paused(stage, 10, 100)]
    struck = _paused(stage, 39, 200)
    at = timezone.now() + timedelta(seconds=210)
    cost = cost_of([Kill("worker", at)], [row.pk for row in (*calm, struck)])
    assert (cost.calm, cost.undisturbed) == (9, 2)
    worst = cost.worst
    assert worst is not None
    assert (worst.deployment, worst.added, worst.kills) == (struck.pk, 30, ("worker",))
    assert worst.within_promise


def test_cost_of__longer_than_was_promised__says_so(stage: Stage) -> None:
    calm, struck = _paused(stage, 8, 0), _paused(stage, 90, 200)
    cost = cost_of([Kill("worker", timezone.now() + timedelta(seconds=230))], [calm.pk, struck.pk])
    assert [pause.within_promise for pause in cost.disturbed] == [False]
