"""The life of a change request, but for its edits, its reviews and its merge."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from deploy_engine.config import Document, document_to_json
from replication.choices import AuditKind
from replication.documents import document_hash, team_document_of_setup
from replication.errors import AuthorUnknown, EditedMeanwhile, EditMeanwhile, NotFound, NothingToSubmit
from replication.models import ChangeRequest, Comment, Environment, Revision, Team
from replication.policies import can_close, can_comment, can_propose, can_submit, require
from replication.selectors.edited_since import edited_since
from replication.selectors.proposals import who_is
from replication.selectors.scopes import accepted_base_document, latest_revision, setup_with_parts
from replication.services.actors import actor_name
from replication.services.audit import audit_write
from replication.services.checks import check_run_create
from replication.services.editing import lock_for_edit, record_edit
from replication.services.inputs import required_text
from replication.services.moving import change_request_move
from replication.services.rows import row_save
from replication.services.service import service
from replication.services.settling import change_request_settle
from replication.services.voiding import own_approvals_void
from replication.transitions import Act, transition_target

if TYPE_CHECKING:
    from django.contrib.auth.models import User


_RENAMED = "changed the title or the description"


@service
def change_request_create(
    *, actor: User, environment: Environment, team: Team | None, title: str, description: str = ""
) -> ChangeRequest:
    """Open a draft that proposes what is accepted now; edits follow."""
    require(can_propose(actor, environment, team))
    document = _accepted_document(environment, team)
    return draft_open(
        actor=actor, environment=environment, team=team, title=title, description=description, document=document
    )


def draft_open(
    *,
    actor: User | None,
    environment: Environment,
    team: Team | None,
    title: str,
    description: str,
    document: Document,
    promoted_from: Revision | None = None,
    author: User | None = None,
    author_name: str = "",
) -> ChangeRequest:
    """A draft that proposes `document`: part of other services, which have asked whether the actor may.

    Without an actor it is Sluice's own; `author` and `author_name` say whose it is where that is not the actor.
    """
    title = required_text(title, field="title", longest=200)
    value = document_to_json(document)
    now = timezone.now()
    change_request = ChangeRequest(
        environment=environment,
        team=team,
        title=title,
        description=description.strip(),
        author=author or actor,
        author_name=author_name or actor_name(actor),
        base_revision=latest_revision(environment, team),
        promoted_from=promoted_from,
        document=value,
        document_hash=document_hash(value),
        created_at=now,
        updated_at=now,
    )
    row_save(change_request, actor=actor, reason="opened")
    audit_write(
        actor=actor,
        kind=AuditKind.CHANGE_CREATED,
        change_request=change_request,
        sentence=f"{actor_name(actor)} opened #{change_request.number} “{title}” for {change_request.scope_name}.",
    )
    return change_request


def _accepted_document(environment: Environment, team: Team | None) -> Document:
    if team is None:
        return accepted_base_document(environment)
    setup = setup_with_parts(environment, team)
    if setup is None:
        raise NotFound(
            f"Team {team.slug} is not set up in {environment.name} yet: promote it from another environment, "
            "or let the platform team add it."
        )
    return team_document_of_setup(setup)


@service
def change_request_rename(
    *,
    actor: User,
    change_request: ChangeRequest,
    title: str,
    description: str = "",
    seen: str = "",
) -> ChangeRequest:
    """Change the title and the description; the document stays, and so do the approvals, but for the actor's own.

    `seen` is their `heading_hash` as the actor saw them; `EditedMeanwhile` where somebody changed them since.
    """
    lock_for_edit(actor=actor, change_request=change_request)
    if seen and seen != heading_hash(change_request):
        edit = change_request.edits.filter(sentence=_RENAMED).last()
        if edit is not None:
            words = f"it is now “{change_request.title}”"
            raise EditedMeanwhile([EditMeanwhile("the title or description", edit.editor_name, edit.at, words)])
    change_request.title = required_text(title, field="title", longest=200)
    change_request.description = description.strip()
    change_request.updated_at = timezone.now()
    row_save(change_request, actor=actor, reason="renamed", change_request=change_request)
    record_edit(actor=actor, change_request=change_request, sentence=_RENAMED)
    if own_approvals_void(change_request=change_request, actor=actor):
        change_request_settle(change_request=change_request)
    audit_write(
        actor=actor,
        kind=AuditKind.CHANGE_EDITED,
        change_request=change_request,
        sentence=f"{actor_name(actor)} renamed #{change_request.number} to “{change_request.title}”.",
    )
    return change_request


def heading_hash(change_request: ChangeRequest) -> str:
    """Stands for the title and the description as they are now."""
    return document_hash([change_request.title, change_request.description])


@service
def change_request_submit(*, actor: User, change_request: ChangeRequest, seen: str = "") -> ChangeRequest:
    """Ask for reviews: the checks run once more, and if nothing blocks, reviewers see it.

    `seen` is the hash of the document that the actor looked at; `EditedMeanwhile` where it was edited since.
    """
    require(can_submit(actor, change_request))
    change_request.refresh_from_db(from_queryset=ChangeRequest.objects.select_for_update())
    transition_target(change_request.state, Act.SUBMIT)
    question = who_is(change_request)
    if question:
        raise AuthorUnknown(question)
    meanwhile = edited_since(change_request, seen) if seen else {}
    if meanwhile:
        raise EditedMeanwhile(list(meanwhile.values()))
    base = change_request.base_revision
    if base is not None and base.document_hash == change_request.document_hash:
        raise NothingToSubmit("This change request changes nothing yet: add or remove something first.")
    return draft_submit(actor=actor, change_request=change_request)


def draft_submit(*, actor: User | None, change_request: ChangeRequest) -> ChangeRequest:
    """Submit a locked draft that changes something: part of other services."""
    change_request.submitted_at = timezone.now()
    change_request.returned_reason = ""
    change_request_move(change_request=change_request, act=Act.SUBMIT, actor=actor, reason="submitted")
    check_run_create(change_request=change_request, actor=actor)
    audit_write(
        actor=actor,
        kind=AuditKind.CHANGE_SUBMITTED,
        change_request=change_request,
        sentence=f"{actor_name(actor)} submitted #{change_request.number} “{change_request.title}”.",
    )
    return change_request


@service
def change_request_close(*, actor: User, change_request: ChangeRequest, reason: str = "") -> ChangeRequest:
    """Give it up."""
    require(can_close(actor, change_request))
    change_request.refresh_from_db(from_queryset=ChangeRequest.objects.select_for_update())
    transition_target(change_request.state, Act.CLOSE)
    change_request.closed_at = timezone.now()
    words = reason.strip()
    change_request_move(change_request=change_request, act=Act.CLOSE, actor=actor, reason=words or "closed")
    audit_write(
        actor=actor,
        kind=AuditKind.CHANGE_CLOSED,
        change_request=change_request,
        sentence=f"{actor_name(actor)} closed #{change_request.number}{f': {words}' if words else ''}.",
    )
    return change_request


@service
def change_request_comment(*, actor: User, change_request: ChangeRequest, body: str, table: str = "") -> Comment:
    """Say something about the whole, or about one table (`source/schema/table`)."""
    require(can_comment(actor, change_request))
    body = required_text(body, field="body", longest=5000)
    comment = Comment(
        change_request=change_request,
        author=actor,
        author_name=actor_name(actor),
        body=body,
        table=table,
        at=timezone.now(),
    )
    comment.full_clean()
    comment.save()
    about = f" on {table}" if table else ""
    audit_write(
        actor=actor,
        kind=AuditKind.COMMENTED,
        change_request=change_request,
        subject=comment,
        sentence=f"{actor_name(actor)} commented{about} in #{change_request.number}.",
    )
    return comment
