"""Waiting for a process to be of use, instead of sleeping and hoping."""

import http.client
import time
import urllib.error
import urllib.request
from collections.abc import Callable

import redis

from portal.demo.child import Child
from portal.health.heartbeat import HEARTBEAT_KEY

PROBE_SECONDS = 2.0
BETWEEN_PROBES_SECONDS = 0.1


class NeverReady(Exception):
    """A process ended, or took too long, before it was of use; the message is for people."""


def wait_until(child: Child, is_ready: Callable[[], bool], *, seconds: float) -> None:
    """Wait until the child answers. Raises `NeverReady` if it ends before, or after `seconds`."""
    deadline = time.monotonic() + seconds
    while not is_ready():
        code = child.exit_code()
        if code is not None:
            raise NeverReady(with_last_lines(child, f"{child.name} ended with code {code} before it was ready."))
        if time.monotonic() > deadline:
            raise NeverReady(with_last_lines(child, f"{child.name} was not ready within {seconds:.0f} s."))
        time.sleep(BETWEEN_PROBES_SECONDS)


def with_last_lines(child: Child, message: str) -> str:
    """Give the message, followed by what a silent child said last; a talkative one has been heard already."""
    if not (child.is_silent and child.last_lines):
        return message
    return "\n".join([message, "It said:", *child.last_lines])


def broker_answers(url: str) -> bool:
    """Tell whether a Redis or Valkey at the URL answers a ping."""
    try:
        with redis.Redis.from_url(url, socket_timeout=PROBE_SECONDS) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False


def worker_took_heartbeat(url: str) -> bool:
    """Tell whether a worker has left its sign of life in the broker at the URL."""
    try:
        with redis.Redis.from_url(url, socket_timeout=PROBE_SECONDS) as client:
            return bool(client.exists(HEARTBEAT_KEY))
    except redis.RedisError:
        return False


def page_is_fine(url: str) -> bool:
    """Tell whether the URL answers, and with no error."""
    try:
        with urllib.request.urlopen(url, timeout=PROBE_SECONDS):  # noqa: S310 - our own http:// addresses
            return True
    except urllib.error.HTTPError as answer:
        answer.close()
        return False
    except (OSError, http.client.HTTPException):
        return False
