"""What was said of a change request, edited in it and done with it: three kinds of lines, read in one query."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, QuerySet, TextField, Value
from django.db.models.functions import Cast

from replication.models import AuditEvent, ChangeRequest, ChangeRequestEdit, Comment

_COMMENT, _EDIT = "comment", "edit"


@dataclass(frozen=True)
class Said:
    """The comments, the edits (without their documents) and the events of one change request, each oldest first.

    The rows are for reading: they hold what pages show, and no keys of their own.
    """

    comments: tuple[Comment, ...]
    edits: tuple[ChangeRequestEdit, ...]
    events: tuple[AuditEvent, ...]


def change_request_said(change_request: ChangeRequest) -> Said:
    """Everything that was said and done."""
    rows = sorted(
        _lines(change_request.comments, Value(_COMMENT), who="author", words="body", about="table").union(
            _lines(change_request.edits, Value(_EDIT), who="editor", words="sentence"),
            _lines(change_request.audit_events, Cast("kind", CharField()), who="actor", words="sentence"),
            all=True,
        ),
        key=lambda row: (row[1], row[2]),
    )
    comments = [
        Comment(at=at, author_id=key, author_name=name, body=words, table=about)
        for what, at, _, key, name, words, about in rows
        if what == _COMMENT
    ]
    edits = [
        ChangeRequestEdit(at=at, editor_id=key, editor_name=name, sentence=words)
        for what, at, _, key, name, words, _ in rows
        if what == _EDIT
    ]
    events = [
        AuditEvent(at=at, kind=what, actor_id=key, actor_name=name, sentence=words)
        for what, at, _, key, name, words, _ in rows
        if what not in {_COMMENT, _EDIT}
    ]
    return Said(tuple(comments), tuple(edits), tuple(events))


def _lines(rows: Any, what: Any, *, who: str, words: str, about: str = "") -> QuerySet[Any]:
    """One kind, with the columns that all of them have; `who` and `words` are called differently in each."""
    named: QuerySet[Any] = rows.order_by().annotate(
        said_what=what,
        said_words=Cast(words, TextField()),
        said_about=Cast(about, CharField()) if about else Value("", CharField()),
    )
    return named.values_list("said_what", "at", "pk", f"{who}_id", f"{who}_name", "said_words", "said_about")
