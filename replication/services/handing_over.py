"""A worker that is told to end hands its deployments over, so that no task stands still until it is missed.

It holds messages that say "look at deployment 17 in two seconds", and gives them back only when it has ended, which
may take as long as the longest of its tasks. So it sends them once more, to whoever takes them: a tick too many does
no harm.
"""

from __future__ import annotations

from replication.choices import LIVE_DEPLOYMENT_STATES
from replication.database_clock import database_now
from replication.models import Deployment
from replication.services import enqueue

LONGEST_COUNTDOWN_SECONDS = 30.0


def deployments_hand_over() -> int:
    """Send a message for the next tick of every live deployment; gives how many."""
    now = database_now()
    live = Deployment.objects.filter(state__in=LIVE_DEPLOYMENT_STATES, next_tick_at__isnull=False).order_by("id")
    for key, due in live.values_list("pk", "next_tick_at"):
        wait = max(0.0, (due - now).total_seconds()) if due is not None else 0.0
        enqueue.enqueue_now("replication.deployment_tick", key, countdown=min(wait, LONGEST_COUNTDOWN_SECONDS))
    return len(live)
