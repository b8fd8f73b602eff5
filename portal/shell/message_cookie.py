"""Where the one-time messages lie: in a cookie that is guarded like the session's."""

from __future__ import annotations

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage


class MessageCookie(CookieStorage):
    """Django's own, under our name: a look at a page that shows a message writes nothing into the database."""

    @property
    def cookie_name(self) -> str:  # type: ignore[override]  # ours depends on the settings
        """As the settings call it."""
        name: str = settings.MESSAGES_COOKIE_NAME
        return name
