"""The plan that is made again before anything is touched."""

from __future__ import annotations

import pytest

from deploy_engine.errors import AwsUnreachable
from deploy_engine.planning import Plan
from replication.services.deployments import team_deploy
from replication.services.engine import planned_again
from tests.replication.conftest import Stage
from tests.replication.verdicts import FakeJudge, result_failed, result_silent


def test_planned_again__a_check_had_no_answer__is_asked_again_and_refuses_nothing(stage: Stage) -> None:
    deployment = team_deploy(actor=stage.people.platform, environment=stage.environment, team=stage.food)

    with pytest.raises(AwsUnreachable):
        planned_again(deployment, FakeJudge(results=(result_silent(),)))


def test_planned_again__a_check_fails__is_refused_in_its_words(stage: Stage) -> None:
    deployment = team_deploy(actor=stage.people.platform, environment=stage.environment, team=stage.food)
    occupied = FakeJudge(results=(result_failed("s3.no-overwrite", "data lies in the way"),))

    assert planned_again(deployment, occupied) == "data lies in the way"
    assert isinstance(planned_again(deployment, FakeJudge()), Plan)
