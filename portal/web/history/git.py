"""How git stands: what waits to be committed, where the remote is, and what is proposed on its branches."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from portal.shell.crumbs import crumbs
from portal.shell.requests import SignedInRequest
from portal.web.history.differences import difference_of_git
from portal.web.history.tabs import history_tabs
from replication.models import ProposalBranch
from replication.policies import can_have_branches_read, can_manage_platform, can_verify_git
from replication.selectors.git_comparison import git_comparison
from replication.selectors.git_state import git_state
from replication.selectors.proposals import proposals
from replication.services.git_comparing import git_comparison_ask, git_repair_ask
from replication.services.proposals import proposal_branch_read_again


@require_safe
def history_git(request: SignedInRequest) -> HttpResponse:
    """All of it, from the database: pages wait for no disk and no network."""
    context = {
        "tabs": history_tabs("git"),
        "git": git_state(),
        "comparison": git_comparison().row,
        "proposals": proposals(),
        "may_read_again": can_have_branches_read(request.user),
    }
    return render(request, "history/git.html", context)


@require_safe
def git_difference(request: SignedInRequest) -> HttpResponse:
    """What git says otherwise than the database, scope by scope, and mending it."""
    found = git_comparison()
    context = {
        "crumbs": crumbs(("History", reverse("history:timeline")), ("Git", reverse("history:git")), ("Difference", "")),
        "comparison": found.row,
        "scopes": [(scope, difference_of_git(scope)) for scope in found.scopes],
        "more": found.more,
        "may_compare": can_verify_git(request.user),
        "may_repair": can_manage_platform(request.user),
    }
    return render(request, "history/git_difference.html", context)


@require_POST
def git_compare(request: SignedInRequest) -> HttpResponse:
    """Have it compared again."""
    git_comparison_ask(actor=request.user)
    messages.success(request, "Git is compared again; look here in half a minute.")
    return redirect("history:git-difference")


@require_POST
def git_mend(request: SignedInRequest) -> HttpResponse:
    """Have the database's word written to git."""
    git_repair_ask(actor=request.user)
    messages.success(request, "The database's word is being written to git; look here in half a minute.")
    return redirect("history:git-difference")


@require_POST
def branch_again(request: SignedInRequest, key: int) -> HttpResponse:
    """Have a branch read again that has not moved."""
    branch = get_object_or_404(ProposalBranch, pk=key)
    proposal_branch_read_again(actor=request.user, branch=branch)
    messages.success(request, f"{branch.name} is read again within a minute.")
    return redirect(reverse("history:git") + "#branches")
