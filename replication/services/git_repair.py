"""Making git say what is accepted, where somebody else wrote into it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from replication.choices import AuditKind
from replication.errors import WrongState
from replication.models import OutboxItem, Revision
from replication.policies import can_manage_platform, require
from replication.selectors.git_difference import GitDifference, git_difference, scope_of_path
from replication.services.actors import actor_name
from replication.services.audit import audit_write
from replication.services.committing import files_commit, files_of_revision
from replication.services.service import service

if TYPE_CHECKING:
    from django.contrib.auth.models import User


@service
def git_repair(*, actor: User | None) -> OutboxItem:
    """A commit that makes every config file what is accepted, and takes out those that are not.

    What is accepted is the database's word: a change that was made in git is proposed in the portal. No actor: an
    operator at the command line. Raises `WrongState` where nothing differs, or where commits wait that may explain it.
    """
    if actor is not None:
        require(can_manage_platform(actor))
    difference = git_difference()
    _refuse(difference)
    files: dict[str, str | None] = {each.path: each.accepted or None for each in difference.files}
    written = files | _with_templates(difference)
    item = files_commit(actor=actor, message="Make git say what is accepted", files=written)
    audit_write(
        actor=actor,
        kind=AuditKind.GIT_REPAIRED,
        sentence=f"{actor_name(actor)} made {len(files)} file{'s'[: len(files) != 1]} in git say what is accepted.",
        data={"files": [each.path for each in difference.files[:100]]},
    )
    return item


def _with_templates(difference: GitDifference) -> dict[str, str]:
    """The scopes that differ in full, for whoever edits a config by hand may edit its template too."""
    files: dict[str, str] = {}
    for environment, team in {scope_of_path(each.path) for each in difference.files}:
        scope = Revision.objects.filter(environment__name=environment, team__slug=team or None)
        revision = scope.select_related("environment", "team").order_by("-number").first()
        if revision is not None:
            files |= files_of_revision(revision)
    return files


def _refuse(difference: GitDifference) -> None:
    if difference.waiting:
        raise WrongState("Commits still wait to be written to git: look again once they are.")
    if not difference.files:
        raise WrongState("Git says what is accepted: there is nothing to repair.")
