"""Counting what lies in retired folders, for whoever is to delete it: a few at a time, each again after a week."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import structlog
from django.db import transaction
from django.db.models import F, Q

from deploy_engine.config.physical_names import TARGET_SCHEMA, folder_of
from deploy_engine.errors import EngineError
from replication.choices import VersionState
from replication.database_clock import database_now
from replication.documents import environment_file_of
from replication.models import Environment, FolderCount, LedgerEntry
from replication.services.engine import aws_folders

if TYPE_CHECKING:
    from deploy_engine.config import EnvironmentFile
    from deploy_engine.live import FolderReader, FolderSize

    OpenFolders = Callable[[EnvironmentFile], AbstractContextManager[FolderReader]]

log = structlog.get_logger(__name__)

AGAIN_AFTER = timedelta(days=7)
MOST_FOLDERS = 100
MOST_OBJECTS = 20_000
"""Of one folder: twenty calls. A larger one is shown as "more than …"."""
LONGEST_SECONDS = 30.0
"""Of one pass over one environment; a worker's task has 45."""


def retired_folders_count(
    *, environment_id: int, open_folders: OpenFolders = aws_folders, clock: Callable[[], float] = time.monotonic
) -> int:
    """Count some folders that were not counted for a week; gives how many. Where AWS does not tell, nothing is kept."""
    environment = Environment.objects.get(pk=environment_id)
    entries = _due(environment, database_now())
    if not entries:
        return 0
    counted, end = 0, clock() + LONGEST_SECONDS
    try:
        with open_folders(environment_file_of(environment)) as reader:
            for entry in entries:
                if clock() > end:
                    break
                prefix = f"{TARGET_SCHEMA}/{folder_of(entry.identity, entry.version)}/"
                _keep(entry, reader.folder_size(environment.lake_bucket, prefix, most_objects=MOST_OBJECTS))
                counted += 1
    except EngineError as error:
        log.info("retired_folders.not_counted", environment=environment.name, error=str(error))
    return counted


def _due(environment: Environment, now: datetime) -> list[LedgerEntry]:
    stale = Q(folder_count=None) | Q(folder_count__counted_at__lt=now - AGAIN_AFTER)
    retired = LedgerEntry.objects.filter(stale, setup__environment=environment, state=VersionState.RETIRED)
    return list(retired.order_by(F("folder_count__counted_at").asc(nulls_first=True), "-id")[:MOST_FOLDERS])


@transaction.atomic
def _keep(entry: LedgerEntry, found: FolderSize) -> None:
    row = FolderCount.objects.select_for_update().filter(entry=entry).first() or FolderCount(entry=entry)
    row.objects_counted, row.size, row.cut, row.counted_at = found.objects, found.size, found.cut, database_now()
    row.save()
