"""When alarms go off."""

import pytest

from deploy_engine.config import Delivery, Instance
from deploy_engine.rendering.thresholds import (
    GIBIBYTE,
    free_storage_bytes,
    freeable_memory_bytes,
    target_latency_seconds,
)


def instance(instance_class: str, storage_gb: int = 50) -> Instance:
    return Instance.model_validate(
        {"class": instance_class, "storage_gb": storage_gb, "engine_version": "3.5.4", "multi_az": False}
    )


@pytest.mark.parametrize(("delivery", "seconds"), [(Delivery.ONE_MINUTE, 900), (Delivery.TEN_MINUTES, 1800)])
def test_target_latency__a_delivery_class__is_three_intervals_and_at_least_a_quarter_hour(
    delivery: Delivery, seconds: int
) -> None:
    assert target_latency_seconds(delivery) == seconds


@pytest.mark.parametrize(
    ("instance_class", "gibibytes"),
    [
        ("dms.t3.micro", 1),
        ("dms.t3.medium", 4),
        ("dms.c5.large", 4),
        ("dms.c6i.xlarge", 8),
        ("dms.r5.large", 16),
        ("dms.r5.24xlarge", 768),
        ("dms.x9.metal", 2),
        ("dms.r5.metal", 2),
    ],
)
def test_freeable_memory__an_instance_class__is_a_tenth_of_its_memory(instance_class: str, gibibytes: int) -> None:
    assert freeable_memory_bytes(instance(instance_class)) == gibibytes * GIBIBYTE // 10


def test_free_storage__an_instance__is_a_fifth_of_its_storage() -> None:
    assert free_storage_bytes(instance("dms.t3.medium", 50)) == 10 * GIBIBYTE
