"""One scope of a branch, put into its change request: opened, edited, or named where that is over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from deploy_engine.config import Document
from replication.choices import AuditKind, ChangeRequestState
from replication.documents import document_hash
from replication.errors import WrongState
from replication.models import ChangeRequest, Environment, ProposalBranch, ProposedScope, Revision, Team
from replication.policies import can_vouch, require
from replication.services.actors import actor_name
from replication.services.audit import audit_write
from replication.services.change_requests import draft_open, draft_submit
from replication.services.checks import check_run_create
from replication.services.editing import document_replace, record_edit
from replication.services.proposal_writers import Claimed, Writers, writers_find
from replication.services.rows import row_change
from replication.services.service import service
from replication.services.voiding import reviews_void

if TYPE_CHECKING:
    from django.contrib.auth.models import User

_LONGEST_NAME = 150
_LONGEST_DESCRIPTION = 5000


@dataclass(frozen=True)
class BranchHead:
    """The commit at the end of a branch, and whoever wrote it and those before it that `main` has not."""

    name: str
    commit: str
    author: Claimed
    authors: tuple[Claimed, ...] = ()
    committers: tuple[Claimed, ...] = ()
    message: str = ""

    @property
    def title(self) -> str:
        """The first line of the message, else the branch's name."""
        return (self.message.strip().partition("\n")[0].strip() or self.name)[:200]

    @property
    def description(self) -> str:
        """The rest of the message."""
        return self.message.strip().partition("\n")[2].strip()[:_LONGEST_DESCRIPTION]


@dataclass(frozen=True)
class Proposed:
    """One scope: what is to be proposed on top of `latest`, and the branch's own part in it."""

    environment: Environment
    team: Team | None
    latest: Revision
    document: Document
    pushed: dict[str, Any]

    @property
    def changes_nothing(self) -> bool:
        """Whether the branch says what is accepted anyway."""
        return document_hash(self.pushed) == self.latest.document_hash

    def row_of(self, branch: ProposalBranch) -> ProposedScope | None:
        """What an earlier push of the branch made of this scope."""
        return branch.scopes.filter(change_request__environment=self.environment, change_request__team=self.team).last()


def proposal_put(*, branch: ProposalBranch, head: BranchHead, proposed: Proposed) -> None:
    """Part of `proposal_take`, which has asked whether it fits."""
    row = proposed.row_of(branch)
    if row is None:
        if not proposed.changes_nothing:
            _open(branch, head, proposed)
        return
    change_request = row.change_request
    change_request.refresh_from_db(from_queryset=ChangeRequest.objects.select_for_update())
    if not change_request.is_open:
        _moved_on(row, branch, proposed)
        return
    writers = writers_find(head.authors, head.committers, proposed.environment, proposed.team)
    row_change(
        change_request,
        {"base_revision": proposed.latest},
        actor=None,
        reason=f"{branch.name} was read on top of revision {proposed.latest.number}",
        change_request=change_request,
    )
    before = change_request.document_hash
    sentence = f"took commit {head.commit[:12]} of {branch.name}"
    document_replace(actor=None, change_request=change_request, document=proposed.document, sentence=sentence)
    _keep(row, head, proposed.pushed, writers)
    if change_request.document_hash != before:
        _name_writers(change_request, head, writers)
    _submit(change_request, row)


def _open(branch: ProposalBranch, head: BranchHead, proposed: Proposed) -> None:
    writers = writers_find(head.authors, head.committers, proposed.environment, proposed.team)
    author = writers.author
    change_request = draft_open(
        actor=None,
        author=author,
        author_name=actor_name(author) if author is not None else head.author.shown[:_LONGEST_NAME],
        environment=proposed.environment,
        team=proposed.team,
        title=head.title,
        description=head.description,
        document=proposed.document,
    )
    row = ProposedScope(branch=branch, change_request=change_request)
    _keep(row, head, proposed.pushed, writers)
    _name_writers(change_request, head, writers)
    audit_write(
        actor=None,
        kind=AuditKind.PROPOSAL_READ,
        change_request=change_request,
        sentence=f"{branch.name}, commit {head.commit[:12]} by {head.author.shown}, became #{change_request.number}.",
        data={"branch": branch.name, "commit": head.commit, "email": head.author.email},
    )
    if row.waits_for:  # whoever is to vouch for it sees what it would do
        check_run_create(change_request=change_request, actor=None)
    _submit(change_request, row)


def _keep(row: ProposedScope, head: BranchHead, pushed: dict[str, Any], writers: Writers) -> None:
    row.commit, row.document, row.taken_at = head.commit, pushed, timezone.now()
    row.waits_for = [each for each in writers.waits_for if each["email"].casefold() not in row.vouched_for]
    row.full_clean()
    row.save()


def _name_writers(change_request: ChangeRequest, head: BranchHead, writers: Writers) -> None:
    """Whoever a commit names may not approve."""
    for person in writers.known:
        sentence = f"is named by the commits of {head.name} up to {head.commit[:12]}"
        record_edit(actor=person, change_request=change_request, sentence=sentence)


def _submit(change_request: ChangeRequest, row: ProposedScope) -> None:
    """A branch that is pushed asks for reviews; without its writers known, it waits as a draft."""
    base = change_request.base_revision
    changes = base is None or base.document_hash != change_request.document_hash
    if change_request.state == ChangeRequestState.DRAFT and not row.waits_for and changes:
        draft_submit(actor=None, change_request=change_request)


def _moved_on(row: ProposedScope, branch: ProposalBranch, proposed: Proposed) -> None:
    if proposed.changes_nothing or row.moved_on_to == branch.commit:
        return
    row.moved_on_to = branch.commit
    row.save()
    change_request = row.change_request
    audit_write(
        actor=None,
        kind=AuditKind.PROPOSAL_MOVED_ON,
        change_request=change_request,
        sentence=f"{branch.name} moved on to {branch.commit[:12]} after #{change_request.number} was "
        f"{change_request.state_choice.label}: what it changes now needs a branch of another name.",
        data={"branch": branch.name, "commit": branch.commit},
    )


@service
def proposal_vouch(*, actor: User, change_request: ChangeRequest) -> ChangeRequest:
    """Answer "who is this?": whoever vouches for the unknown writers becomes an author, and so may not approve."""
    require(can_vouch(actor, change_request))
    change_request.refresh_from_db(from_queryset=ChangeRequest.objects.select_for_update())
    row = ProposedScope.objects.select_for_update().filter(change_request=change_request).first()
    if row is None or not row.waits_for or not change_request.is_open:
        raise WrongState(f"#{change_request.number} waits for nobody to vouch for it.")
    asked = ", ".join(each["email"] or each["name"] for each in row.waits_for)
    row.vouched_for = sorted({*row.vouched_for, *(each["email"].casefold() for each in row.waits_for)})
    row.waits_for = []
    row.save()
    if change_request.author is None:
        values = {"author": actor, "author_name": actor_name(actor)}
        row_change(change_request, values, actor=actor, reason=f"vouched for {asked}", change_request=change_request)
    record_edit(actor=actor, change_request=change_request, sentence=f"vouched for the commits by {asked}"[:500])
    reviews_void(change_request=change_request, actor=actor, reason=f"{actor_name(actor)} became an author")
    audit_write(
        actor=actor,
        kind=AuditKind.PROPOSAL_ADOPTED,
        change_request=change_request,
        sentence=f"{actor_name(actor)} vouched for the commits by {asked} in #{change_request.number}.",
        data={"branch": row.branch.name, "commit": row.commit},
    )
    _submit(change_request, row)
    return change_request
