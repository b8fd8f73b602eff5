"""What an accepted revision becomes in git: the item that the outbox carries there."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from deploy_engine.config import Subject, write_company, write_team
from deploy_engine.config.canonical import canonical_json
from deploy_engine.config.repository import environment_path
from deploy_engine.rendering import render
from replication.choices import OutboxKind, Verdict
from replication.database_clock import database_now
from replication.models import ChangeRequest, OutboxItem, Revision
from replication.selectors.proposals import proposed_scope_of
from replication.selectors.scopes import company_accepted, subject_of_revision
from replication.services.actors import actor_name
from replication.services.enqueue import enqueue_after_commit

if TYPE_CHECKING:
    from django.contrib.auth.models import User

SLUICE_EMAIL = "sluice@localhost"
_NOT_IN_EMAIL = re.compile(r"[^A-Za-z0-9._+-]")


def revision_commit(*, revision: Revision, before: Revision | None, change_request: ChangeRequest | None) -> OutboxItem:
    """The commit of one accepted revision: its scope's files, and those that it no longer has deleted."""
    files: dict[str, str | None] = dict(files_of_revision(revision))
    if before is not None:
        files |= {path: None for path in files_of_revision(before) if path not in files}
    title = change_request.title if change_request is not None else revision.title
    body = change_request.description if change_request is not None else ""
    return _item(
        revision=revision,
        files=files,
        author=_person(revision.author, revision.author_name),
        message=_plain(f"{title}\n\n{body}" if body else title),
        trailers=_trailers(change_request) if change_request is not None else [],
        at=revision.created_at,
    )


def company_commit(*, actor: User | None, message: str) -> OutboxItem:
    """The commit of a whole company, as an import accepts it."""
    company = company_accepted()
    files: dict[str, str | None] = dict(write_company(company))
    for name, environment in company.environments.items():
        files |= _rendered(Subject(company, name, None))
        for slug in environment.teams:
            files |= _rendered(Subject(company, name, slug))
    return files_commit(actor=actor, message=message, files=files)


def files_commit(*, actor: User | None, message: str, files: Mapping[str, str | None]) -> OutboxItem:
    """A commit of these files (path to text, or to None to delete it), of no revision in particular."""
    return _item(
        revision=None,
        files=files,
        author=_person(actor, actor_name(actor)),
        message=message,
        trailers=[],
        at=timezone.now(),
    )


def anchor_commit() -> OutboxItem:
    """A commit that changes no file and only carries the anchors of the audit."""
    return _item(
        kind=OutboxKind.GIT_ANCHOR,
        revision=None,
        files={},
        author=_person(None, ""),
        message="Anchor the audit",
        trailers=[],
        at=timezone.now(),
    )


def rendered_path(subject: Subject) -> str:
    """Where a scope's template stands in the repository, for whoever reviews it there."""
    name = "base" if subject.is_base else subject.team.slug
    return f"rendered/{subject.environment_name}/{name}.template.json"


def files_of_revision(revision: Revision) -> dict[str, str]:
    """Every file of a revision's scope, its template among them."""
    subject = subject_of_revision(revision)
    if subject.is_base:
        path = environment_path(subject.environment_name)
        return {path: canonical_json(subject.environment.file), **_rendered(subject)}
    return {**write_team(subject.environment_name, subject.team), **_rendered(subject)}


def _rendered(subject: Subject) -> dict[str, str]:
    return {rendered_path(subject): render(subject).text}


def _trailers(change_request: ChangeRequest) -> list[list[str]]:
    trailers = [["Change-Request", f"#{change_request.number}"]]
    promoted = change_request.promoted_from
    if promoted is not None:
        trailers.append(["Promoted-From", str(promoted)])
    proposed = proposed_scope_of(change_request)
    if proposed is not None:
        trailers.append(["Proposed-On", f"{proposed.branch.name} {proposed.commit}"])
    reviews = change_request.reviews.filter(verdict=Verdict.APPROVE, voided_at__isnull=True).select_related("reviewer")
    for review in reviews:
        name, email = _person(review.reviewer, review.reviewer_name)
        trailers.append(["Reviewed-by", f"{name} <{email}>"])
    return trailers


def _person(user: User | None, name: str) -> tuple[str, str]:
    """Name and e-mail as git takes them: neither angle brackets nor control characters."""
    if user is None:
        return "Sluice", SLUICE_EMAIL
    email = user.email or f"{_NOT_IN_EMAIL.sub('-', user.get_username())[:64]}@localhost"
    return _plain(name).replace("<", "").replace(">", "").replace("\n", " ").strip() or user.get_username(), email


def _plain(text: str) -> str:
    """`text` without control characters; line breaks stay, tabs become blanks."""
    kept = text.replace("\r\n", "\n").replace("\t", " ")
    return "".join(mark for mark in kept if mark == "\n" or not unicodedata.category(mark).startswith("C"))


def _item(
    *,
    revision: Revision | None,
    files: Mapping[str, str | None],
    author: tuple[str, str],
    message: str,
    trailers: list[list[str]],
    at: datetime,
    kind: OutboxKind = OutboxKind.GIT_COMMIT,
) -> OutboxItem:
    payload: dict[str, Any] = {
        "files": dict(files),
        "author": list(author),
        "message": message,
        "trailers": trailers,
        "at": at.isoformat(),
    }
    now = database_now()
    item = OutboxItem(kind=kind, revision=revision, payload=payload, created_at=now, next_attempt_at=now)
    item.full_clean()
    item.save()
    enqueue_after_commit("replication.export_git")
    return item
