"""How git stands: what waits to be committed, where the remote is, and what is proposed on its branches."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from portal.shell.requests import SignedInRequest
from portal.web.history.tabs import history_tabs
from replication.models import ProposalBranch
from replication.policies import can_have_branches_read
from replication.selectors.git_state import git_state
from replication.selectors.proposals import proposals
from replication.services.proposals import proposal_branch_read_again


@require_safe
def history_git(request: SignedInRequest) -> HttpResponse:
    """All of it, from the database: pages wait for no disk and no network."""
    context = {
        "tabs": history_tabs("git"),
        "git": git_state(),
        "proposals": proposals(),
        "may_read_again": can_have_branches_read(request.user),
    }
    return render(request, "history/git.html", context)


@require_POST
def branch_again(request: SignedInRequest, key: int) -> HttpResponse:
    """Have a branch read again that has not moved."""
    branch = get_object_or_404(ProposalBranch, pk=key)
    proposal_branch_read_again(actor=request.user, branch=branch)
    messages.success(request, f"{branch.name} is read again within a minute.")
    return redirect(reverse("history:git") + "#branches")
