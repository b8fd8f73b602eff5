"""What a branch proposes, put into change requests: one for each scope, all of them or none.

A push is an edit like any other, made by those whom its commits name: approvals fall, checks run, it is submitted. It
is put on top of what is accepted, entry by entry, and on top of what was edited in the portal meanwhile.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.utils import timezone

from deploy_engine.config import Document
from deploy_engine.config.proposals import ProposalReading, ScopeProposal
from deploy_engine.config.repository import environment_path, team_path
from deploy_engine.findings import Finding, Status
from replication.choices import AuditKind
from replication.documents.merging import MergedDocuments, documents_merge
from replication.errors import InvalidInput
from replication.models import ChangeRequest, Environment, ProposalBranch, ProposedScope, Revision, Team
from replication.selectors.environments import base_was_deployed
from replication.selectors.scopes import latest_revision
from replication.services.audit import audit_write
from replication.services.environment_edits import FROZEN
from replication.services.inputs import document_read
from replication.services.proposal_putting import BranchHead, Proposed, proposal_put
from replication.services.service import service
from replication.services.settling import change_request_settle
from replication.services.voiding import reviews_void

MOST_PROBLEMS = 50
CHECK = "config.schema"
_BRANCH_REMEDY = "merge main into the branch, or begin it again from main"


@service
def proposal_take(*, head: BranchHead, reading: ProposalReading) -> ProposalBranch:
    """Open or edit the change requests of a branch, or keep every reason why nothing of it was taken."""
    branch = _branch_row(head)
    problems = list(reading.findings)
    fitting: list[Proposed] = []
    for scope in (*reading.scopes, *_no_longer_touched(branch, reading)) if not problems else ():
        try:
            fitting.append(_fit(branch, scope))
        except InvalidInput as refusal:
            problems.extend(refusal.findings)
    branch.problems = [finding.as_json() for finding in problems[:MOST_PROBLEMS]]
    branch.save()
    if problems:
        _refuse(branch, problems)
    for proposed in fitting if not problems else ():
        proposal_put(branch=branch, head=head, proposed=proposed)
    return branch


def _branch_row(head: BranchHead) -> ProposalBranch:
    """The branch's row; a name that was deleted, and whose change requests are all over, begins anew."""
    branch = ProposalBranch.objects.select_for_update().filter(name=head.name).order_by("-id").first()
    if branch is not None and branch.gone_at is not None and not any(_open_scopes(branch)):
        branch = None
    branch = branch or ProposalBranch(name=head.name)
    branch.commit, branch.read_at, branch.read_again, branch.gone_at = head.commit, timezone.now(), False, None
    branch.author_name, branch.author_email = head.author.name, head.author.email
    branch.title = head.title
    branch.save()
    return branch


def _open_scopes(branch: ProposalBranch) -> list[ProposedScope]:
    scopes = branch.scopes.select_related("change_request__environment", "change_request__team")
    return [scope for scope in scopes if scope.change_request.is_open]


def _no_longer_touched(branch: ProposalBranch, reading: ProposalReading) -> list[ScopeProposal]:
    """Scopes that an earlier push touched and this one does not: they are to say again what is accepted."""
    touched = {(scope.environment, scope.team) for scope in reading.scopes}
    left = []
    for row in _open_scopes(branch):
        change_request = row.change_request
        place = (change_request.environment.name, change_request.team.slug if change_request.team else None)
        latest = latest_revision(change_request.environment, change_request.team)
        if place not in touched and latest is not None:
            left.append(ScopeProposal(*place, before=latest.document, after=latest.document))
    return left


def _fit(branch: ProposalBranch, scope: ScopeProposal) -> Proposed:
    """The scope on top of what is accepted and of what was edited in the portal; `InvalidInput` where it cannot be."""
    path = team_path(scope.environment, scope.team) if scope.team else environment_path(scope.environment)
    environment, team, latest = _place(path, scope)
    merged = documents_merge(base=dict(scope.before), theirs=latest.document, ours=dict(scope.after))
    _refuse_conflicts(path, f"revision {latest.number}", merged)
    if team is None:
        _refuse_frozen(environment, path, latest.document, merged.document)
    proposed = Proposed(environment, team, latest, _read(path, merged, team), merged.document)
    row = proposed.row_of(branch)
    if row is None:
        return proposed
    change_request = row.change_request  # held from here on: whoever edits it meanwhile in the portal waits
    change_request.refresh_from_db(from_queryset=ChangeRequest.objects.select_for_update())
    if not change_request.is_open:
        return proposed
    merged = documents_merge(base=row.document, theirs=change_request.document, ours=proposed.pushed)
    _refuse_conflicts(path, f"an edit of #{change_request.number} in the portal", merged)
    return replace(proposed, document=_read(path, merged, team))


def _place(path: str, scope: ScopeProposal) -> tuple[Environment, Team | None, Revision]:
    environment = Environment.objects.filter(name=scope.environment).first()
    if environment is None:
        remedy = "let the platform team add it first"
        raise InvalidInput([_problem(path, f"there is no environment {scope.environment}", remedy)])
    team = Team.objects.filter(slug=scope.team).first() if scope.team else None
    latest = latest_revision(environment, team) if team is not None or not scope.team else None
    if latest is None:
        message = f"team {scope.team} is not set up in {scope.environment}"
        remedy = "promote it from another environment, or let the platform team add it"
        raise InvalidInput([_problem(path, message, remedy)])
    return environment, team, latest


def _read(path: str, merged: MergedDocuments, team: Team | None) -> Document:
    try:
        return document_read(merged.document, is_base=team is None)
    except InvalidInput as refusal:
        raise InvalidInput([replace(finding, file=path) for finding in refusal.findings]) from None


def _refuse_frozen(
    environment: Environment, path: str, accepted: Mapping[str, Any], proposed: Mapping[str, Any]
) -> None:
    was, now = accepted["environment"], proposed["environment"]
    changed = [key for key in FROZEN if was.get(key) != now.get(key)] if base_was_deployed(environment) else []
    if changed:
        raise InvalidInput(
            [
                replace(_problem(path, f"{key} cannot change any more: {FROZEN[key]}", "leave it"), pointer=f"/{key}")
                for key in changed
            ]
        )


def _refuse_conflicts(path: str, other: str, merged: MergedDocuments) -> None:
    if merged.conflicts:
        message = f"{other} and this branch both changed {', '.join(each.words for each in merged.conflicts[:5])}"
        raise InvalidInput([_problem(path, message, _BRANCH_REMEDY)])


def _problem(path: str, message: str, remedy: str) -> Finding:
    return Finding(CHECK, Status.FAILED, message, path, "", remedy)


def _refuse(branch: ProposalBranch, problems: Sequence[Finding]) -> None:
    """Nothing is taken. What was approved is not what the branch says now, so approvals fall all the same."""
    first = problems[0]
    more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
    where = f"{first.file}{first.pointer}: " if first.file else ""
    audit_write(
        actor=None,
        kind=AuditKind.PROPOSAL_REFUSED,
        subject=branch,
        sentence=f"Commit {branch.commit[:12]} of {branch.name} is no proposal: {where}{first.message}{more}.",
        data={"branch": branch.name, "commit": branch.commit, "email": branch.author_email},
    )
    for scope in _open_scopes(branch):
        change_request = scope.change_request
        change_request.refresh_from_db(from_queryset=ChangeRequest.objects.select_for_update())
        if reviews_void(change_request=change_request, actor=None, reason=f"{branch.name} moved on"):
            change_request_settle(change_request=change_request)
