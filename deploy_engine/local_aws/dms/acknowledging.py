"""Lets source databases forget what a saved state holds: not before, or a crash would lose changes."""

import logging
from typing import TYPE_CHECKING

from deploy_engine.local_aws.dms.sources.finding import source_of
from deploy_engine.local_aws.dms.sources.source import SourceUnreachableError

if TYPE_CHECKING:
    from deploy_engine.local_aws.world import World

log = logging.getLogger(__name__)
Positions = dict[tuple[str, str], int]
"""By region and task: the position in the source's log that its files reach to."""


def positions(world: "World") -> Positions:
    """Return the present positions. The caller holds the world's lock."""
    return {
        (region.name, task.arn): task.position
        for region in world.regions.values()
        for task in region.dms.tasks.values()
        if task.slot is not None
    }


def acknowledge(world: "World", saved: Positions) -> None:
    """Acknowledge positions that are now part of a saved state; a source that is away hears of the next ones."""
    for (name, arn), position in saved.items():
        with world.lock:
            region = world.region(name)
            task = region.dms.tasks.get(arn)
            if task is None:
                continue
            try:
                source_of(region, task).acknowledge(task, position)
            except SourceUnreachableError as error:
                log.warning("task %s: %s", task.identifier, error)
