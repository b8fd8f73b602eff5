"""Django's entry for the domain."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from simple_history.signals import pre_create_historical_record


class ReplicationConfig(AppConfig):
    """The app `replication`; its tables hold everything that Sluice knows."""

    name = "replication"
    label = "replication"
    verbose_name = "Replication"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connect the receivers: history rows get their stamp, and the record its guards after every migration."""
        from replication.models.append_only import erect_after_migrate  # noqa: PLC0415 - models load before `ready`
        from replication.models.base import copy_stamp_to_history_row  # noqa: PLC0415 - the same

        pre_create_historical_record.connect(copy_stamp_to_history_row, dispatch_uid="replication.history_stamp")
        post_migrate.connect(erect_after_migrate, sender=self, dispatch_uid="replication.append_only")
