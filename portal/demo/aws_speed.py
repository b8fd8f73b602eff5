"""Letting the local AWS live faster for a while: the demo's past should not take as long as it would have."""

from __future__ import annotations

import json
import os
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

from replication.models import Environment

_TIMEOUT_SECONDS = 10


def _speed(url: str) -> float:
    with urllib.request.urlopen(f"{url}/_sluice/health", timeout=_TIMEOUT_SECONDS) as answer:  # noqa: S310 - the demo's own loopback address
        return float(json.load(answer)["speed"])


def _set_speed(url: str, speed: float) -> None:
    body = json.dumps({"speed": speed}).encode()
    request = urllib.request.Request(f"{url}/_sluice/speed", body, {"Content-Type": "application/json"})  # noqa: S310 - the demo's own loopback address
    with urllib.request.urlopen(request, timeout=_TIMEOUT_SECONDS):  # noqa: S310 - the same
        pass


@contextmanager
def local_aws_at_speed(environment: Environment, speed: float) -> Iterator[None]:
    """The local AWS of ``environment`` at ``speed`` times the clock, and at its own pace again afterwards."""
    url = os.environ.get("AWS_ENDPOINT_URL") or environment.endpoint_url
    before = _speed(url)
    _set_speed(url, speed)
    try:
        yield
    finally:
        _set_speed(url, before)
