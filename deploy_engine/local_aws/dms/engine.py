"""Moves the DMS of one region through time, event by event."""

from typing import TYPE_CHECKING

from deploy_engine.local_aws.dms import events, metrics, task_life

if TYPE_CHECKING:
    from deploy_engine.local_aws.world import Region


def next_due(region: "Region") -> float | None:
    """Return the moment of the next thing that happens by itself, or None."""
    state = region.dms
    moments = [task.next_event for task in state.tasks.values()]
    moments += [instance.until for instance in state.instances.values()]
    moments += [endpoint.until for endpoint in state.endpoints.values()]
    moments += [connection.until for connection in state.connections.values()]
    moments.append(state.next_metrics)
    return min((moment for moment in moments if moment is not None), default=None)


def step(region: "Region", now: float) -> None:
    """Do everything that is due at ``now``."""
    state = region.dms
    for task in list(state.tasks.values()):
        if task.next_event is not None and task.next_event <= now:
            task_life.step(region, task, now)
    for instance in list(state.instances.values()):
        if instance.until is not None and instance.until <= now:
            _end_instance_status(region, instance.arn, now)
    for endpoint in list(state.endpoints.values()):
        if endpoint.until is not None and endpoint.until <= now:
            del state.endpoints[endpoint.arn]
            state.tags.pop(endpoint.arn, None)
    for connection in state.connections.values():
        if connection.until is not None and connection.until <= now:
            connection.status, connection.until = "failed" if connection.failure else "successful", None
    if state.next_metrics is not None and state.next_metrics <= now:
        metrics.publish(region, now)


def _end_instance_status(region: "Region", arn: str, now: float) -> None:
    state = region.dms
    instance = state.instances[arn]
    instance.until = None
    if instance.status == "deleting":
        del state.instances[arn]
        state.tags.pop(arn, None)
        state.connections = {key: kept for key, kept in state.connections.items() if key[0] != arn}
        events.tell(region, "replication-instance", instance.identifier, "Instance was deleted.", "deletion")
        return
    category = "creation" if instance.status == "creating" else "configuration change"
    words = "created" if instance.status == "creating" else "modified"
    instance.status = "available"
    events.tell(region, "replication-instance", instance.identifier, f"Instance was {words}.", category)
    if state.next_metrics is None:
        state.next_metrics = now + region.timings.metrics_period
