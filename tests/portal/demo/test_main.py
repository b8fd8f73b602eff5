"""The starter says in words what stands in its way, and what to do about it."""

import socket
from pathlib import Path

import pytest

from portal.demo import __main__ as starter


@pytest.fixture
def taken_port() -> "socket.socket":
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    return listener


def test_place_from_environment__port_in_use__names_port_and_remedy(
    taken_port: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = taken_port.getsockname()[1]
    monkeypatch.setenv("PORT", str(port))

    with taken_port, pytest.raises(starter.CannotStart, match=rf"Port {port}, for the portal, .* PORT={port + 1}"):
        starter.place_from_environment()


@pytest.mark.parametrize("text", ["0", "65536", "http", "-1", ""])
def test_place_from_environment__no_port__says_what_is_allowed(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", text)

    with pytest.raises(starter.CannotStart, match="a number from 1 to 65535"):
        starter.place_from_environment()


def test_only_one__second_starter__is_refused(tmp_path: Path) -> None:
    with (
        starter.only_one(tmp_path / "demo"),
        pytest.raises(starter.CannotStart, match="already running"),
        starter.only_one(tmp_path / "demo"),
    ):
        pass


def test_only_one__first_has_ended__may_start(tmp_path: Path) -> None:
    with starter.only_one(tmp_path / "demo"):
        pass
    with starter.only_one(tmp_path / "demo"):
        pass


def test_reset__demo_has_kept_something__removes_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = tmp_path / "demo"
    kept.mkdir()
    (kept / "sluice.sqlite3").touch()
    monkeypatch.setattr(starter, "DIRECTORY", kept)

    assert starter.reset() == 0
    assert not kept.exists()
