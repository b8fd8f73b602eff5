"""A config repository as a directory on disk: read with care, written file by file, each atomically."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from deploy_engine.config.problems import CHECK
from deploy_engine.config.strict_json import MAX_CHARACTERS
from deploy_engine.errors import EngineError, InvalidConfig
from deploy_engine.findings import Finding, Status

READ_FILES = ("sluice.json",)
READ_FOLDERS = ("environments", "rendered")
MOST_FILES = 50_000
"""Far above a thousand teams in three environments; a directory beyond it is not a config."""


class NoConfigDirectory(EngineError):
    """There is no such directory, or it is not one that holds a config."""


def read_directory(directory: Path) -> dict[str, str]:
    """The config's files, path within ``directory`` to text. Other files and folders, ``.git`` too, are left alone.

    Raises :class:`NoConfigDirectory`, or :class:`InvalidConfig` with a finding for each file that cannot be read.
    """
    if not directory.is_dir():
        raise NoConfigDirectory(f"{directory} is no directory")
    root = directory.resolve()
    files: dict[str, str] = {}
    findings: list[Finding] = []
    for count, path in enumerate(_paths(root)):
        if count >= MOST_FILES:
            raise NoConfigDirectory(f"{directory} holds more than {MOST_FILES:,} files")
        name = path.relative_to(root).as_posix()
        read = _read(path, root, name)
        if isinstance(read, Finding):
            findings.append(read)
        else:
            files[name] = read
    if findings:
        raise InvalidConfig(findings)
    return files


def write_directory(directory: Path, files: Mapping[str, str | None]) -> tuple[str, ...]:
    """Write those of ``files`` that differ from what lies there (None deletes), and return their paths, sorted."""
    written = []
    for name, text in sorted(files.items()):
        path = directory / name
        if not path.resolve().is_relative_to(directory.resolve()):
            raise NoConfigDirectory(f"{name} does not lie within {directory}")
        if text is None:
            if path.is_file():
                path.unlink()
                written.append(name)
        elif not path.is_file() or path.read_bytes() != text.encode():
            path.parent.mkdir(parents=True, exist_ok=True)
            _replace(path, text)
            written.append(name)
    return tuple(written)


def _paths(root: Path) -> Iterator[Path]:
    yield from (root / name for name in READ_FILES if (root / name).exists())
    for folder in READ_FOLDERS:
        for parent, folders, names in os.walk(root / folder, followlinks=False):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            yield from (Path(parent) / name for name in sorted(names) if not name.startswith("."))


def _read(path: Path, root: Path, name: str) -> str | Finding:
    if not path.resolve().is_relative_to(root):
        return _unreadable(name, "a link that leads out of the config", "a file", "put the file itself there")
    if not path.is_file():
        return _unreadable(name, "neither a file nor a folder", "a file", "remove it")
    if path.stat().st_size > MAX_CHARACTERS:
        return _unreadable(name, "too large", f"at most {MAX_CHARACTERS:,} bytes", "split the file")
    try:
        return path.read_bytes().decode()
    except UnicodeDecodeError:
        return _unreadable(name, "not UTF-8 text", "UTF-8 text", "save it as UTF-8")
    except OSError as error:
        return _unreadable(name, f"not readable ({error.strerror})", "a readable file", "mend its permissions")


def _unreadable(name: str, what: str, allowed: str, remedy: str) -> Finding:
    return Finding(CHECK, Status.FAILED, f"the file is {what}", name, "", remedy, what, allowed)


def _replace(path: Path, text: str) -> None:
    """All of the new text or all of the old, whatever happens meanwhile."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".sluice-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
