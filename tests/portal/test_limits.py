"""What a request may hold: just within the limit it is read, just above it is refused in words."""

from __future__ import annotations

from http import HTTPStatus

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

THEME = reverse("accounts:theme")


@pytest.mark.parametrize(
    ("more", "status"), [(0, HTTPStatus.FOUND), (1, HTTPStatus.BAD_REQUEST)], ids=["at the limit", "one more"]
)
def test_request__body_around_the_limit__is_read_or_refused(signed_in: Client, more: int, status: HTTPStatus) -> None:
    body = "theme=dark&x=" + "a" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE - len("theme=dark&x=") + more)
    answer = signed_in.post(THEME, body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == status
    assert more == 0 or "could not read what your browser sent" in answer.content.decode()


@pytest.mark.parametrize(("more", "status"), [(0, HTTPStatus.FOUND), (1, HTTPStatus.BAD_REQUEST)])
def test_request__fields_around_the_limit__are_read_or_refused(
    signed_in: Client, more: int, status: HTTPStatus
) -> None:
    body = "&".join(["theme=dark"] + ["x=1"] * (settings.DATA_UPLOAD_MAX_NUMBER_FIELDS - 1 + more))
    assert signed_in.post(THEME, body, content_type="application/x-www-form-urlencoded").status_code == status


def test_request__with_a_file__is_refused(signed_in: Client) -> None:
    answer = signed_in.post(THEME, {"theme": "dark", "file": SimpleUploadedFile("a.txt", b"a")})
    assert answer.status_code == HTTPStatus.BAD_REQUEST
