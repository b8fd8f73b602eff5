"""Brings a world up to the present, event by event in the order in which they fall due."""

from deploy_engine.local_aws.cloudformation import engine as cloudformation_engine
from deploy_engine.local_aws.dms import engine as dms_engine
from deploy_engine.local_aws.world import World


def advance(world: World) -> None:
    """Let everything happen that is due by now. The caller holds the world's lock."""
    now = world.clock.now()
    while (due := _next_due(world)) is not None and due <= now:
        world.reached = max(world.reached, due)
        for region in world.regions.values():
            dms_engine.step(region, world.reached)
            cloudformation_engine.step(region, world.reached)
    world.reached = max(world.reached, now)


def _next_due(world: World) -> float | None:
    moments = [
        moment
        for region in world.regions.values()
        for moment in (dms_engine.next_due(region), cloudformation_engine.next_due(region))
        if moment is not None
    ]
    return min(moments, default=None)
