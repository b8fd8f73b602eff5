"""Check runs: one run of all checks and the plan, on one document."""

from __future__ import annotations

from django.db import models

from replication.choices import CheckRunState
from replication.models.base import actor_key
from replication.models.change_request import ChangeRequest
from replication.models.jobs import Job


class CheckRun(Job):
    """One run of all checks and the plan."""

    change_request = models.ForeignKey(ChangeRequest, on_delete=models.PROTECT, related_name="check_runs")
    document_hash = models.CharField(max_length=64, help_text="the document that is judged")
    state = models.CharField(max_length=14, choices=CheckRunState.choices, default=CheckRunState.PENDING, db_index=True)
    results = models.JSONField(default=list, blank=True, help_text="the engine's check results")
    plan = models.JSONField(null=True, blank=True, help_text="the engine's plan; null where there is none")
    refusals = models.JSONField(default=list, blank=True, help_text="findings: why there is no plan")
    fingerprint = models.CharField(max_length=64, blank=True, default="")
    blocks = models.BooleanField(default=True, help_text="whether anything stands in the way of a merge")
    requested_by = actor_key("check_runs")

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["change_request", "-id"], name="check_run_newest")]

    def __str__(self) -> str:
        return f"check run {self.pk} of #{self.change_request_id}: {self.state}"

    @property
    def is_live(self) -> bool:
        """Whether somebody still has to finish it."""
        return self.state in {CheckRunState.PENDING, CheckRunState.RUNNING}

    @property
    def is_green(self) -> bool:
        """Done, with nothing in the way and a plan."""
        return self.state == CheckRunState.DONE and not self.blocks

    @property
    def state_choice(self) -> CheckRunState:
        """The state with its label and face."""
        return CheckRunState(self.state)
