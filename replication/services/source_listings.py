"""Listing a source's tables for those who pick from them: a page asks, a worker reads, for that may take seconds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog
from django.db import transaction

from deploy_engine.checks.cdc_settings import setting_problems
from deploy_engine.errors import EngineError
from deploy_engine.live import SourceAsked, SourceCatalogue
from replication.database_clock import database_now
from replication.documents import environment_file_of
from replication.models import Source, SourceListing
from replication.policies import can_propose, require
from replication.selectors.source_tables import LOST_AFTER, cannot_be_read
from replication.services.engine import source_catalogue
from replication.services.enqueue import enqueue_after_commit
from replication.services.service import service

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from deploy_engine.config import EnvironmentFile

    Read = Callable[[EnvironmentFile, SourceAsked], SourceCatalogue]

log = structlog.get_logger(__name__)

FRESH_FOR = timedelta(minutes=10)
"""A list that is older is read again when somebody looks at it; meanwhile they see the old one, with its age."""


@service
def source_listing_want(*, actor: User, source: Source, anew: bool = False) -> None:
    """See to it that a list of the source is there, not too old; `anew` even where there is one.

    Nothing is asked where nothing may be read, or where a worker has been asked already.
    """
    require(can_propose(actor, source.environment, source.setup.team))
    if cannot_be_read(source):
        return
    now = database_now()
    listing = SourceListing.objects.select_for_update().filter(source=source).first()
    listing = listing or SourceListing(source=source, catalogue_secret=source.catalogue_secret)
    of_another_secret = listing.catalogue_secret != source.catalogue_secret
    fresh = listing.tried_at is not None and now - listing.tried_at < FRESH_FOR and not of_another_secret
    under_way = listing.asked_at is not None and now - listing.asked_at < LOST_AFTER
    if under_way or (fresh and not anew):
        return
    listing.asked_at = now
    listing.save()
    enqueue_after_commit("replication.read_source", source.pk)


def source_listing_read(*, source_id: int, read: Read = source_catalogue) -> None:
    """Read the list, and keep it or the reason why there is none; what was read before stays beside a reason."""
    source = Source.objects.select_related("environment", "setup__team").filter(pk=source_id).first()
    if source is None or cannot_be_read(source):
        return
    asked = SourceAsked(source.slug, source.engine, source.database or None, source.catalogue_secret)
    try:
        found: SourceCatalogue | str = read(environment_file_of(source.environment), asked)
    except EngineError as error:
        log.info("source.not_read", source=source.slug, environment=source.environment.name, error=str(error))
        found = str(error)
    _keep(source, found)


@transaction.atomic
def _keep(source: Source, found: SourceCatalogue | str) -> None:
    now = database_now()
    listing = SourceListing.objects.select_for_update().filter(source=source).first() or SourceListing(source=source)
    if listing.catalogue_secret != source.catalogue_secret:
        listing.catalogue_secret, listing.tables, listing.read_at = source.catalogue_secret, [], None
    listing.asked_at, listing.tried_at = None, now
    if isinstance(found, str):
        listing.reason = found[:500]
    else:
        listing.reason, listing.read_at, listing.complete = "", now, found.complete
        listing.tables = [[t.schema, t.name, t.rows, t.bytes, t.key.value, t.obstacle] for t in found.tables]
        listing.problems = [
            f"The setting {problem.setting} is {problem.found}, and has to be {problem.allowed}: {problem.why}."
            for problem in setting_problems(found)
        ]
    listing.save()
