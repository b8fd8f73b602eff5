"""Rehearsals: a change request's plan carried out in a local AWS that holds a copy of what is deployed."""

from __future__ import annotations

from django.db import models

from replication.choices import LIVE_REHEARSAL_STATES, RehearsalState
from replication.models.base import actor_key
from replication.models.change_request import ChangeRequest
from replication.models.check_run import CheckRun
from replication.models.jobs import Job


class Rehearsal(Job):
    """One rehearsal of one document, against the plan of `check_run`."""

    change_request = models.ForeignKey(ChangeRequest, on_delete=models.PROTECT, related_name="rehearsals")
    check_run = models.ForeignKey(CheckRun, on_delete=models.PROTECT, related_name="+", help_text="whose plan is run")
    document_hash = models.CharField(max_length=64, help_text="the document that is rehearsed")
    fault = models.CharField(max_length=40, blank=True, default="", help_text="what is to go wrong; empty: nothing")
    state = models.CharField(
        max_length=14, choices=RehearsalState.choices, default=RehearsalState.PENDING, db_index=True
    )
    progress = models.CharField(max_length=200, blank=True, default="", help_text="what is being done now, in words")
    result = models.JSONField(null=True, blank=True, help_text="the engine's result; null until there is one")
    requested_by = actor_key("rehearsals")

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["change_request", "-id"], name="rehearsal_newest")]

    def __str__(self) -> str:
        return f"rehearsal {self.pk} of #{self.change_request_id}: {self.state}"

    @property
    def is_live(self) -> bool:
        """Whether somebody still has to finish it."""
        return self.state in LIVE_REHEARSAL_STATES

    @property
    def state_choice(self) -> RehearsalState:
        """The state with its label and face."""
        return RehearsalState(self.state)
