"""Django's entry for the domain."""

from django.apps import AppConfig
from simple_history.signals import pre_create_historical_record


class ReplicationConfig(AppConfig):
    """The app `replication`; its tables hold everything that Sluice knows."""

    name = "replication"
    label = "replication"
    verbose_name = "Replication"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connect the one receiver there is: history rows get their stamp."""
        from replication.models.base import copy_stamp_to_history_row  # noqa: PLC0415 - models load before `ready`

        pre_create_historical_record.connect(copy_stamp_to_history_row, dispatch_uid="replication.history_stamp")
