"""Which environments answered when they were last looked at.

They are told, not judged: an AWS that does not answer is no reason for a load balancer to take the portal away from
people who want to see just that.
"""

from typing import Any

from django.db import Error as DatabaseError

from replication.models.environment import EnvironmentStatus


def environments() -> dict[str, dict[str, Any]]:
    """Give each observed environment by name: whether AWS answered, why not, and when that was. Never raises."""
    try:
        statuses = list(EnvironmentStatus.objects.select_related("environment").order_by("environment__position"))
    except DatabaseError:
        return {}
    return {
        status.environment.name: {
            "reachable": status.reachable,
            "message": status.message,
            "observed_at": status.observed_at.isoformat(),
        }
        for status in statuses
    }
