"""A person at the running portal without a browser: signs in, opens pages, sends forms, over plain HTTP."""

from __future__ import annotations

import re
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from http.cookiejar import CookieJar
from typing import IO

from portal.demo.people import PASSWORD

ANSWER_SECONDS = 30
CSRF_COOKIE = "sluice-csrf"


@dataclass(frozen=True)
class Answer:
    """A page as it arrived, after redirects."""

    status: int
    url: str
    text: str

    @property
    def number(self) -> int:
        """The number in the address: of the change request or the deployment that the page is about."""
        found = re.search(r"/(\d+)/$", urllib.parse.urlsplit(self.url).path)
        assert found is not None, f"{self.status} {self.url}\n{self.text}"
        return int(found[1])


class Visitor:
    """One signed-in person with cookies of their own."""

    def __init__(self, portal: str, username: str) -> None:
        self._portal = portal
        self._cookies = CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self._cookies))
        self.get("/account/sign-in/")
        answer = self.post("/account/sign-in/", username=username, password=PASSWORD)
        assert "sign-in" not in answer.url, answer.text

    def get(self, path: str) -> Answer:
        """Open a page."""
        return self._open(urllib.request.Request(self._portal + path))  # noqa: S310 - our own http:// address

    def post(self, path: str, **form: str) -> Answer:
        """Send a form, with the token that its page carries."""
        token = next(cookie.value or "" for cookie in self._cookies if cookie.name == CSRF_COOKIE)
        body = urllib.parse.urlencode({"csrfmiddlewaretoken": token, **form}).encode()
        return self._open(urllib.request.Request(self._portal + path, body))  # noqa: S310 - our own http:// address

    def _open(self, request: urllib.request.Request) -> Answer:
        try:
            with self._opener.open(request, timeout=ANSWER_SECONDS) as page:
                return _answer(page.status, page.url, page)
        except urllib.error.HTTPError as page:
            with page:
                return _answer(page.code, page.url, page)


def _answer(status: int, url: str, page: IO[bytes]) -> Answer:
    return Answer(status, url, page.read().decode())
