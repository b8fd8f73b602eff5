"""What every versioned model has: a history whose rows say who, why, and for which change request.

django-simple-history writes one row per save and per delete of an instance, and none for bulk writes: services
therefore save row by row, through `replication.services.rows`. Names are stored as text beside the keys: the story
survives the user.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from simple_history.models import HistoricalRecords


@dataclass(frozen=True)
class HistoryStamp:
    """What the next history row of an instance will say."""

    actor_name: str
    reason: str
    change_request_number: int | None = None
    request_id: str = ""


class StampedHistoryRow(models.Model):
    """The columns that every history table has beside the package's own."""

    actor_name = models.CharField(max_length=150, blank=True, default="")
    change_request_number = models.PositiveBigIntegerField(null=True, blank=True, db_index=True)
    request_id = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        abstract = True


class StampedHistoricalRecords(HistoricalRecords):  # type: ignore[misc]  # the package has no types
    """History that copies the instance's stamp into its rows, and has the indexes that its model asks for."""

    def get_meta_options(self, model: type[Versioned]) -> dict[str, Any]:
        options: dict[str, Any] = super().get_meta_options(model)
        return {**options, "indexes": list(model.history_indexes)}

    def get_change_reason_for_object(self, instance: Versioned, history_type: str, using: str | None) -> str:
        stamp = instance.history_stamp
        return stamp.reason if stamp is not None else ""


class Versioned(models.Model):
    """Base of all models with history. `history_stamp` is set by the services before each save and delete."""

    history = StampedHistoricalRecords(
        inherit=True,
        bases=[StampedHistoryRow],
        history_change_reason_field=models.TextField(blank=True, default=""),
    )
    history_stamp: HistoryStamp | None = None
    history_indexes: ClassVar[tuple[models.Index, ...]] = ()

    class Meta:
        abstract = True


def copy_stamp_to_history_row(*, instance: Versioned, history_instance: Any, **_: Any) -> None:
    """Receiver of simple_history's `pre_create_historical_record`: the package's own place to fill extra columns."""
    stamp = instance.history_stamp
    if stamp is not None:
        history_instance.actor_name = stamp.actor_name
        history_instance.change_request_number = stamp.change_request_number
        history_instance.request_id = stamp.request_id


def actor_key(related_name: str) -> models.ForeignKey[Any, Any]:
    """A key to whoever acted: empty when Sluice itself did; users are deactivated and never deleted."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name=related_name
    )
