"""What may be written into a git repository: paths, names of people, trailers. Refused before anything is stored.

Git reads more into these than text: a path may leave the tree or reach ``.git`` on a checkout, a line break in a name
or a trailer starts a new header.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

_LONGEST_PATH = 400
_LONGEST_NAME = 200
_EMAIL = re.compile(r"[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9.-]{1,200}")
_TRAILER_KEY = re.compile(r"[A-Z][A-Za-z]*(?:-[A-Za-z]+)*")


class UnfitForGit(ValueError):
    """A path, a person or a trailer that git could read as something else; ``str(error)`` says which and why."""


def _controls(text: str) -> bool:
    if text.isascii() and text.isprintable():  # nearly every one
        return False
    return any(unicodedata.category(character).startswith("C") for character in text)


def check_path(path: str) -> bytes:
    """``path`` as git stores it; relative, with plain parts only."""
    parts = path.split("/")
    odd = (
        not path
        or len(path) > _LONGEST_PATH
        or "\\" in path
        or _controls(path)
        or any(part in ("", ".", "..") or part.lower() == ".git" or part.endswith((" ", ".")) for part in parts)
    )
    if odd:
        raise UnfitForGit(f"{path[:60]!r} is no path within a repository")
    return path.encode()


def check_paths(paths: Iterable[str]) -> None:
    """Each path alone, and all together: two that differ only in case are one file on some machines."""
    seen: dict[str, str] = {}
    for path in paths:
        check_path(path)
        other = seen.setdefault(path.casefold(), path)
        if other != path:
            raise UnfitForGit(f"{path!r} and {other!r} differ only in case")


def check_person(name: str, email: str) -> bytes:
    """``Name <email>`` as git's headers carry it."""
    if not name.strip() or len(name) > _LONGEST_NAME or _controls(name) or any(mark in name for mark in "<>"):
        raise UnfitForGit(f"{name[:60]!r} is no person's name for a commit")
    if not _EMAIL.fullmatch(email):
        raise UnfitForGit(f"{email[:60]!r} is no e-mail address for a commit")
    return f"{name.strip()} <{email}>".encode()


def check_message(message: str, trailers: Sequence[tuple[str, str]]) -> bytes:
    """The commit's message with its trailers as the last paragraph, each on a line of its own."""
    body = "\n".join(line.rstrip() for line in message.strip().splitlines())
    if not body or any(_controls(line) for line in body.split("\n")):
        raise UnfitForGit("a commit needs a message of printable text")
    lines = []
    for key, value in trailers:
        if not _TRAILER_KEY.fullmatch(key) or not value.strip() or _controls(value):
            raise UnfitForGit(f"{key[:60]!r}: {value[:60]!r} is no trailer")
        lines.append(f"{key}: {value.strip()}")
    return (body + ("\n\n" + "\n".join(lines) if lines else "") + "\n").encode()
