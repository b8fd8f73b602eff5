"""How Celery behaves: it carries "look at row 17", loses nothing that matters, and repeats nothing that hurts.

The figures were measured (docs/reliability.md). Work itself lives in database rows; whatever the broker drops, the
watchdog `replication.reconcile` finds again.
"""

from typing import Any

from django.conf import settings

broker_url = str(settings.SLUICE.broker_url)
broker_connection_retry_on_startup = True
broker_transport_options: dict[str, Any] = {
    # Seconds; five times the hard limit of a task. A rehearsal may take longer: a second delivery finds its row taken.
    "visibility_timeout": 300,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "socket_connect_timeout": 2,
    "socket_timeout": 30,
}

# A page must answer although the broker is down: the row is written, and the watchdog will find it.
task_publish_retry = True
task_publish_retry_policy = {"max_retries": 1, "interval_start": 0, "interval_step": 0.1, "interval_max": 0.1}

accept_content = ["json"]
task_serializer = "json"
task_ignore_result = True
task_store_errors_even_if_ignored = False

task_acks_late = True
task_reject_on_worker_lost = True
worker_prefetch_multiplier = 1
worker_cancel_long_running_tasks_on_connection_loss = True
worker_enable_remote_control = False
task_soft_time_limit = 45  # seconds
task_time_limit = 60  # seconds

task_default_queue = "sluice"
timezone = "UTC"
enable_utc = True

RECONCILE_SECONDS = 5.0
EXPORT_SECONDS = 30.0
RETIRED_SECONDS = 300.0
NOTICES_SECONDS = 15.0
HEARTBEAT_SECONDS = 5.0

# A pass that was not taken up before the next one is due is dropped, so that nothing piles up behind a stopped worker.
beat_schedule: dict[str, dict[str, Any]] = {
    "reconcile": {
        "task": "replication.reconcile",
        "schedule": RECONCILE_SECONDS,
        "options": {"expires": RECONCILE_SECONDS},
    },
    "export-git": {
        "task": "replication.export_git",
        "schedule": EXPORT_SECONDS,
        "options": {"expires": EXPORT_SECONDS},
    },
    "find-retired-folders": {
        "task": "replication.find_retired_folders",
        "schedule": RETIRED_SECONDS,
        "options": {"expires": RETIRED_SECONDS},
    },
    "deliver-notices": {
        "task": "portal.deliver_notices",
        "schedule": NOTICES_SECONDS,
        "options": {"expires": NOTICES_SECONDS},
    },
    "heartbeat": {
        "task": "portal.heartbeat",
        "schedule": HEARTBEAT_SECONDS,
        "options": {"expires": HEARTBEAT_SECONDS},
    },
}
