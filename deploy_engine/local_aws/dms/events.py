"""Events of the local DMS: kept for DescribeEvents, and told to the topics that subscribed."""

from typing import TYPE_CHECKING

from deploy_engine.local_aws.dms.state import Event
from deploy_engine.local_aws.side.notices import publish

if TYPE_CHECKING:
    from deploy_engine.local_aws.world import Region

CATEGORIES = {
    "replication-task": ["configuration change", "creation", "deletion", "failure", "state change"],
    "replication-instance": [
        "configuration change",
        "creation",
        "deletion",
        "failover",
        "failure",
        "low storage",
        "maintenance",
    ],
}


def tell(region: "Region", source_type: str, source: str, message: str, category: str) -> None:
    """Record an event and publish it to every subscription that wants it."""
    at = region.now
    event = Event(source, source_type, message, [category], at)
    state = region.dms
    oldest = at - region.timings.events_kept
    state.events = [kept for kept in state.events if kept.at >= oldest]
    state.events.append(event)
    for subscription in state.subscriptions.values():
        wants_type = subscription.source_type in (None, source_type)
        wants_category = not subscription.categories or category in subscription.categories
        wants_source = not subscription.source_ids or source in subscription.source_ids
        if subscription.enabled and wants_type and wants_category and wants_source:
            publish(region.side, subscription.topic_arn, "DMS Notification Message", f"{source}: {message}")
