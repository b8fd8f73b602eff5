"""A VPC and subnets under ids that a config names.

moto invents the ids of what it creates, so its id functions are replaced for the moment of the creation. Beside this
module only `cloudwatch.py` and the snapshot reach into moto's insides.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_network
from types import ModuleType
from typing import Any

from moto.ec2.models import ec2_backends, subnets, vpcs

RANGE = "10.20.0.0/16"
SUBNET_BITS = 24


def create(account: str, region: str, vpc_id: str, subnet_ids: tuple[str, ...]) -> None:
    """Create the VPC and its subnets, one zone after the other; what is there already is left alone."""
    backend = ec2_backends[account][region]
    if vpc_id not in backend.vpcs:
        with _next_id(vpcs, "random_vpc_id", vpc_id):
            backend.create_vpc(RANGE)
    existing = {subnet for zone in backend.subnets.values() for subnet in zone}
    ranges = ip_network(RANGE).subnets(new_prefix=SUBNET_BITS)
    zones = [zone.name for zone in backend.describe_availability_zones()]
    for position, (subnet_id, block) in enumerate(zip(subnet_ids, ranges, strict=False)):
        if subnet_id not in existing:
            with _next_id(subnets, "random_subnet_id", subnet_id):
                backend.create_subnet(vpc_id, str(block), availability_zone=zones[position % len(zones)])


@contextmanager
def _next_id(module: ModuleType, function: str, value: str) -> Iterator[None]:
    invented: Any = getattr(module, function)
    setattr(module, function, lambda: value)
    try:
        yield
    finally:
        setattr(module, function, invented)
