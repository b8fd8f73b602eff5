"""Branches of the git remote on which changes are proposed, and the change requests that they became."""

from __future__ import annotations

from django.db import models

from replication.models.change_request import ChangeRequest


class ProposalBranch(models.Model):
    """One branch `proposals/…` of the remote, as it was read last. A name that was deleted may begin anew."""

    name = models.CharField(max_length=200, help_text="as the remote calls it")
    commit = models.CharField(max_length=64, help_text="where it was when it was read last")
    author_name = models.CharField(max_length=200, blank=True, default="", help_text="as that commit says")
    author_email = models.CharField(max_length=200, blank=True, default="", help_text="as that commit says")
    title = models.CharField(max_length=200, blank=True, default="", help_text="the first line of its message")
    problems = models.JSONField(default=list, blank=True, help_text="why nothing of that commit was taken: findings")
    read_at = models.DateTimeField()
    read_again = models.BooleanField(default=False, help_text="somebody asked for it, although it has not moved")
    gone_at = models.DateTimeField(null=True, blank=True, help_text="since when the remote has it no more")

    class Meta:
        ordering = ["name", "id"]
        verbose_name_plural = "proposal branches"
        indexes = [models.Index(fields=["name", "-id"], name="proposal_branch_newest")]

    def __str__(self) -> str:
        return self.name


class ProposedScope(models.Model):
    """One scope of a branch, and the change request that it became."""

    branch = models.ForeignKey(ProposalBranch, on_delete=models.PROTECT, related_name="scopes")
    change_request = models.OneToOneField(ChangeRequest, on_delete=models.PROTECT, related_name="proposed_scope")
    commit = models.CharField(max_length=64, help_text="the last one that was taken")
    document = models.JSONField(help_text="what it proposed, on top of what was accepted when it was read")
    waits_for = models.JSONField(
        default=list, blank=True, help_text="writers whom nobody vouched for yet: name, e-mail, why"
    )
    vouched_for = models.JSONField(default=list, blank=True, help_text="e-mails that somebody answered for")
    moved_on_to = models.CharField(
        max_length=64, blank=True, default="", help_text="a later commit, which came when the change request was over"
    )
    taken_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"#{self.change_request_id} from {self.branch}"


class ProposalLook(models.Model):
    """The one row that says when the remote was asked for its branches last, and what went wrong."""

    looked_at = models.DateTimeField(null=True, blank=True)
    misnamed = models.JSONField(default=list, blank=True, help_text="branches whose names are not read")
    attempts = models.PositiveIntegerField(default=0, help_text="in a row without success")
    last_error = models.TextField(blank=True, default="")
    next_look_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"looked for branches {self.looked_at}"
