"""How git stands: what waits to be committed, where the remote is, and which commit runs where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Count, Max, OuterRef, Subquery, Window
from django.db.models.functions import Coalesce

from replication.choices import DeploymentState, OutboxState
from replication.models import Deployment, GitComparison, GitRemoteStatus, OutboxItem, ProposalLook

SHOWN = 50


@dataclass(frozen=True)
class GitState:
    """The page's content. `remote` is where it is pushed to, without credentials; empty: nowhere."""

    remote: str
    status: GitRemoteStatus | None
    waiting: Sequence[OutboxItem]
    waiting_count: int
    newest: OutboxItem | None
    tags: dict[str, str]


def git_state() -> GitState:
    """Read without touching the repository: pages wait for no disk."""
    pending = OutboxItem.objects.filter(state=OutboxState.PENDING).defer("payload").order_by("id")
    counted: Any = pending.annotate(of=Window(Count("pk"))).select_related("revision__environment", "revision__team")
    waiting = list(counted[:SHOWN])
    done = OutboxItem.objects.filter(state=OutboxState.DONE).select_related("revision__environment", "revision__team")
    return GitState(
        remote=remote_name(),
        status=GitRemoteStatus.objects.first(),
        waiting=waiting,
        waiting_count=waiting[0].of if waiting else 0,
        newest=done.defer("payload").order_by("-id").first(),
        tags=deployed_commits(),
    )


@dataclass(frozen=True)
class GitStanding:
    """Whether git has everything and says what is accepted, in one sentence."""

    works: bool
    sentence: str


def git_standing() -> GitStanding:
    """For whoever looks after Sluice: the first thing that somebody has to see to, else that all is well."""
    stuck = OutboxItem.objects.filter(state=OutboxState.PENDING).exclude(last_error="").order_by("id").first()
    if stuck is not None:
        return GitStanding(False, f"Commits wait since {stuck.created_at:%Y-%m-%d %H:%M} UTC: {stuck.last_error}")
    comparison = GitComparison.objects.first()
    if comparison is not None and comparison.count and not comparison.waiting:
        differs = "file in git differs" if comparison.count == 1 else "files in git differ"
        return GitStanding(False, f"{comparison.count} {differs} from what is accepted.")
    status = GitRemoteStatus.objects.first() if settings.GIT_REMOTE_URL else None
    if status is not None and status.last_error:
        return GitStanding(False, f"The remote lacks {status.waiting} commits: {status.last_error}")
    look = ProposalLook.objects.first() if settings.GIT_REMOTE_URL else None
    if look is not None and look.last_error:
        return GitStanding(False, f"The remote's branches cannot be read: {look.last_error}")
    return GitStanding(True, "It has every accepted revision.")


def remote_name() -> str:
    """The remote's address as it may be shown."""
    url = settings.GIT_REMOTE_URL
    parts = urlsplit(url)
    return url.replace(f"{parts.username}:{parts.password}@", "") if parts.password else url


def deployed_commits() -> dict[str, str]:
    """`deployed/<environment>/<team>` to the commit of the revision that runs there, as far as it is in git."""
    done = Deployment.objects.filter(state=DeploymentState.DONE).order_by()
    newest = done.values("environment", "team").annotate(newest=Max("id")).values("newest")
    receipts = OutboxItem.objects.filter(state=OutboxState.DONE).exclude(receipt="")
    own = receipts.filter(revision=OuterRef("revision")).order_by("-id").values("receipt")[:1]
    imported = receipts.filter(revision=None).order_by("id").values("receipt")[:1]
    rows = Deployment.objects.filter(pk__in=newest).annotate(commit=Coalesce(Subquery(own), Subquery(imported)))
    found = {
        f"deployed/{environment}/{team or 'base'}": commit
        for environment, team, commit in rows.values_list("environment__name", "team__slug", "commit")
        if commit
    }
    return dict(sorted(found.items()))
