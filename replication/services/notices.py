"""Writing down who is to be told of an event, in the event's own transaction; and what people want to be told of."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from replication.choices import NoticeTopic
from replication.configuration import sends_email
from replication.database_clock import database_now
from replication.models import AuditEvent, Notice, NoticePreferences
from replication.selectors.concerned import TOLD, concerned_people, concerned_webhooks

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def notices_write(event: AuditEvent) -> None:
    """One notice for each person and each webhook that the event concerns; none where nothing could be sent."""
    if event.kind not in TOLD:
        return
    topic, _ = TOLD[event.kind]
    now = database_now()
    for name in concerned_webhooks(event):
        Notice.objects.create(event=event, topic=topic, webhook=name, created_at=now)
    for person in concerned_people(event) if sends_email() else ():
        Notice.objects.create(event=event, topic=topic, user=person, created_at=now)


def notice_preferences_save(*, user: User, email: bool, topics: Collection[NoticeTopic]) -> NoticePreferences:
    """What `user` wants to be told of from now on. Their own matter: it is not in the audit."""
    preferences = NoticePreferences.objects.filter(user=user).first() or NoticePreferences(user=user)
    preferences.email = email
    preferences.muted = [topic.value for topic in NoticeTopic if topic not in topics]
    preferences.full_clean()
    preferences.save()
    return preferences


def notice_unsubscribe(*, user: User) -> None:
    """No e-mail any more; what they had chosen stays chosen for when they want it again."""
    preferences = NoticePreferences.objects.filter(user=user).first() or NoticePreferences(user=user)
    preferences.email = False
    preferences.save()
