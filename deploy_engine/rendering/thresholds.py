"""When an alarm of a team stack goes off. The proposals are those of dms-facts.md section 8."""

from __future__ import annotations

from deploy_engine.config.task import Delivery
from deploy_engine.config.team import Instance

GIBIBYTE = 1024**3
_BURSTABLE = {"micro": 1, "small": 2, "medium": 4, "large": 8}
_LARGE_GIBIBYTES = {"c": 4, "m": 8, "r": 16}
_TIMES_LARGE = {"large": 1, "xlarge": 2}
_UNKNOWN_CLASS_GIBIBYTES = 2


def source_latency_seconds() -> int:
    """A source falls behind: a quarter of an hour, far from any retention of a source's log."""
    return 900


def target_latency_seconds(delivery: Delivery) -> int:
    """Latency towards the lake saws up to the batch interval; three intervals, and never under a quarter of an hour."""
    return max(900, 3 * delivery.seconds)


def expected_latency_seconds(delivery: Delivery) -> int:
    """What readers may expect of a delivery class: a change waits for its file, and for one that is being written."""
    return 2 * delivery.seconds


def _class_gibibytes(instance_class: str) -> int:
    """Memory of a DMS instance class (AWS DMS User Guide, replication instance types); small for an unknown one."""
    _, family, size = instance_class.split(".")
    if family.startswith("t"):
        return _BURSTABLE.get(size, _UNKNOWN_CLASS_GIBIBYTES)
    large = _LARGE_GIBIBYTES.get(family[0])
    times = _TIMES_LARGE.get(size)
    if times is None and size.endswith("xlarge") and size.removesuffix("xlarge").isdecimal():
        times = 2 * int(size.removesuffix("xlarge"))
    return large * times if large and times else _UNKNOWN_CLASS_GIBIBYTES


def freeable_memory_bytes(instance: Instance) -> int:
    """A tenth of the instance's memory."""
    return _class_gibibytes(instance.instance_class) * GIBIBYTE // 10


def free_storage_bytes(instance: Instance) -> int:
    """A fifth of the instance's storage."""
    return instance.storage_gb * GIBIBYTE // 5
