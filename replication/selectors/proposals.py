"""Branches on which changes are proposed: for the page that lists them, and for the change requests they became."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Prefetch, Q
from django.utils import timezone

from replication.models import ChangeRequest, ProposalBranch, ProposalLook, ProposedScope

SHOWN = 100
GONE_SHOWN_FOR = timedelta(days=7)


@dataclass(frozen=True)
class Proposals:
    """Every branch that the remote has, and those that it had until a few days ago; unreadable ones first."""

    branches: Sequence[ProposalBranch]
    look: ProposalLook | None

    @property
    def unreadable(self) -> int:
        """How many of them wait for whoever pushed them."""
        return sum(1 for branch in self.branches if branch.problems and branch.gone_at is None)


def proposals() -> Proposals:
    """As they were read last, with their change requests."""
    shown = Q(gone_at=None) | Q(gone_at__gte=timezone.now() - GONE_SHOWN_FOR)
    scopes = ProposedScope.objects.select_related("change_request__environment", "change_request__team")
    rows = ProposalBranch.objects.filter(shown).prefetch_related(Prefetch("scopes", scopes))
    found = sorted(rows.order_by("-id")[:SHOWN], key=lambda branch: (not branch.problems, branch.name))
    return Proposals(found, ProposalLook.objects.first())


def proposed_scope_of(change_request: ChangeRequest) -> ProposedScope | None:
    """The branch's scope that became this change request, or None where it was opened in the portal."""
    found: ProposedScope | None = getattr(change_request, "proposed_scope", None)
    return found


def writers_waited_for(change_request: ChangeRequest) -> list[dict[str, Any]]:
    """Those who wrote parts of it, and whom nobody vouched for yet: `name`, `email` and `why` of each."""
    scope = proposed_scope_of(change_request)
    return list(scope.waits_for) if scope is not None else []


def who_is(change_request: ChangeRequest) -> str:
    """The question that the change request waits for an answer to; empty where it waits for none."""
    waiting = writers_waited_for(change_request)
    if not waiting:
        return ""
    first = waiting[0]
    more = f" (and {len(waiting) - 1} more)" if len(waiting) > 1 else ""
    whose = f"team {change_request.team.slug}" if change_request.team is not None else "the platform team"
    return f"Who is {first['email'] or first['name']}{more}? {first['why']} Somebody of {whose} has to vouch for it."
