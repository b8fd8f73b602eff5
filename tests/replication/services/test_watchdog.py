"""What a lost message left lying is found."""

from datetime import timedelta

from django.utils import timezone

from replication.choices import CheckRunState
from replication.services.deployments import team_deploy
from replication.services.watchdog import OVERDUE_AFTER, Overdue, overdue_find
from replication.tasks import reconcile
from tests.replication.conftest import Sent, Stage
from tests.replication.moments import travel


def _later() -> Overdue:
    with travel(timezone.now() + OVERDUE_AFTER + timedelta(seconds=1)):
        return overdue_find()


def test_overdue_find__rows_just_written__are_left_to_the_workers(stage: Stage) -> None:
    stage.draft("foodsearch.products")

    overdue = overdue_find()

    assert (overdue.check_runs, overdue.deployments, overdue.git_export) == ((), (), False)


def test_overdue_find__nobody_came__finds_every_kind(stage: Stage) -> None:
    change_request = stage.draft("foodsearch.products")
    deployment = team_deploy(actor=stage.people.platform, environment=stage.environment, team=stage.food)

    overdue = _later()

    assert overdue.check_runs == tuple(change_request.check_runs.values_list("pk", flat=True))
    assert overdue.deployments == (deployment.pk,)
    assert overdue.git_export
    assert overdue.environments == (stage.environment.pk,)


def test_overdue_find__no_worker_runs__what_is_due_is_overdue(stage: Stage) -> None:
    stage.draft("foodsearch.products")

    assert len(overdue_find(overdue_after=timedelta(0)).check_runs) == 1


def test_overdue_find__worker_was_lost_in_a_check_run__finds_it(stage: Stage) -> None:
    change_request = stage.draft("foodsearch.products")
    run = change_request.check_runs.get()
    run.state, run.started_at = CheckRunState.RUNNING, timezone.now() - timedelta(minutes=5)
    run.save()

    assert overdue_find().check_runs == (run.pk,)


def test_reconcile_task__something_overdue__is_handed_to_the_workers(stage: Stage, sent: Sent) -> None:
    deployment = team_deploy(actor=stage.people.platform, environment=stage.environment, team=stage.food)

    with travel(timezone.now() + OVERDUE_AFTER + timedelta(seconds=1)):
        reconcile()

    assert sent == [
        ("replication.deployment_tick", (deployment.pk,)),
        ("replication.export_git", ()),
        ("replication.observe_environment", (stage.environment.pk,)),
    ]
