"""The operations of the local DMS, registered by importing the modules."""

from deploy_engine.local_aws.dms.operations import (
    connections,
    endpoints,
    instances,
    notices,
    statistics,
    subnet_groups,
    tags,
    tasks,
)
from deploy_engine.local_aws.dms.operations.table import DMS

__all__ = ["DMS", "connections", "endpoints", "instances", "notices", "statistics", "subnet_groups", "tags", "tasks"]
