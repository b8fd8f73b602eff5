"""What proves the record: the chains with their anchors."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.shell.requests import SignedInRequest
from portal.web.history.tabs import history_tabs
from replication.audit_chain import COMPANY_CHAIN
from replication.models import AuditChain


@dataclass(frozen=True)
class ChainLine:
    """One chain, and how many of its newest rows no commit covers yet."""

    name: str
    chain: AuditChain
    uncovered: int


@require_safe
def history_proof(request: SignedInRequest) -> HttpResponse:
    """How far the record is anchored."""
    lines = [
        ChainLine(
            "events without an environment" if chain.name == COMPANY_CHAIN else chain.name,
            chain,
            chain.sequence - chain.anchored_sequence,
        )
        for chain in AuditChain.objects.all()
    ]
    return render(request, "history/proof.html", {"tabs": history_tabs("proof"), "lines": lines})
