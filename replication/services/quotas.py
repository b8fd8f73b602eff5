"""Looking at how much of DMS's quotas is used, for the environment's page."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

import structlog
from django.db import transaction

from deploy_engine.errors import EngineError
from replication.documents import environment_file_of
from replication.models import Environment, EnvironmentStatus
from replication.services.engine import aws_quotas

if TYPE_CHECKING:
    from deploy_engine.config import EnvironmentFile
    from deploy_engine.live import QuotaReader

    OpenQuotas = Callable[[EnvironmentFile], AbstractContextManager[QuotaReader]]

log = structlog.get_logger(__name__)


def environment_quotas_observe(*, environment_id: int, open_quotas: OpenQuotas = aws_quotas) -> None:
    """Keep what DMS says; where AWS does not tell, what was seen before stays."""
    environment = Environment.objects.get(pk=environment_id)
    try:
        with open_quotas(environment_file_of(environment)) as reader:
            quotas = [[quota.name, quota.used, quota.most] for quota in reader.account_quotas()]
    except EngineError as error:
        log.info("observe.no_quotas", environment=environment.name, error=str(error))
        return
    _keep(environment, quotas)


@transaction.atomic
def _keep(environment: Environment, quotas: list[list[Any]]) -> None:
    status = EnvironmentStatus.objects.filter(environment=environment).first()
    if status is not None:
        status.quotas = quotas
        status.save()
