"""Pages of the test's own process: signed in without a form, and nothing of them left when the test ends."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib.auth.models import User
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page
from pytest_django.live_server_helper import LiveServer

_PATIENCE_SECONDS = 20


@contextmanager
def page_of(user: User, browser: Browser, live_server: LiveServer, **options: Any) -> Iterator[Page]:
    """A page of ``user``, who is signed in; ``options`` are Playwright's for a browser context.

    The server's threads share the test's database connection, which is theirs only while the test runs: a connection
    that the browser keeps open would end in a later test. So the context is closed, and its threads are waited for.
    """
    context = context_of(user, browser, live_server, **options)
    try:
        yield context.new_page()
    finally:
        close_all(context)


def context_of(user: User, browser: Browser, live_server: LiveServer, **options: Any) -> BrowserContext:
    """A browser profile in which ``user`` is signed in; whoever opens it ends it with `close_all`."""
    context = browser.new_context(base_url=live_server.url, **options)
    sign_in_as(user, context, live_server)
    return context


def sign_in_as(user: User, context: BrowserContext, live_server: LiveServer) -> None:
    """Let the profile be ``user``'s from now on."""
    client = Client()
    client.force_login(user)
    context.add_cookies(
        [{"name": name, "value": cookie.value, "url": live_server.url} for name, cookie in client.cookies.items()]
    )


def close_all(*contexts: BrowserContext) -> None:
    """Close the profiles, then wait for the threads that served them: each ends with the last connection to it."""
    for context in contexts:
        context.close()
    for thread in threading.enumerate():
        if "process_request_thread" in thread.name:
            thread.join(_PATIENCE_SECONDS)
