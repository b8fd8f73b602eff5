"""Looking at quotas."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from django.utils import timezone

from deploy_engine.config import EnvironmentFile
from deploy_engine.errors import AwsUnreachable
from deploy_engine.live import Quota
from replication.models import EnvironmentStatus
from replication.services.quotas import environment_quotas_observe
from tests.replication.conftest import Stage


class _Account:
    """One account: so many tasks, or an AWS that does not answer."""

    def __init__(self, used: int | None) -> None:
        self._used = used

    def account_quotas(self) -> tuple[Quota, ...]:
        if self._used is None:
            raise AwsUnreachable("nobody answers")
        return (Quota("ReplicationTasks", self._used, 600),)


def _opening(used: int | None) -> Callable[[EnvironmentFile], AbstractContextManager[_Account]]:
    @contextmanager
    def opened(file: EnvironmentFile) -> Iterator[_Account]:
        yield _Account(used)

    return opened


def test_observe__aws_tells_and_later_does_not__what_was_seen_stays(stage: Stage) -> None:
    key = stage.environment.pk
    EnvironmentStatus.objects.create(environment=stage.environment, observed_at=timezone.now())
    for used in (12, None):
        environment_quotas_observe(environment_id=key, open_quotas=_opening(used))
        assert EnvironmentStatus.objects.get().quotas == [["ReplicationTasks", 12, 600]]


def test_observe__an_environment_that_nobody_looked_at__has_nothing_to_keep_it_in(stage: Stage) -> None:
    environment_quotas_observe(environment_id=stage.environment.pk, open_quotas=_opening(1))
    assert not EnvironmentStatus.objects.exists()
