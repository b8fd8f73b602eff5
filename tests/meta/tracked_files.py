"""The files that the repository consists of, as git lists them; what lies about beside them is nobody's business."""

import functools
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = ("portal", "replication", "deploy_engine")


@functools.cache
def tracked_files() -> tuple[Path, ...]:
    """Give the tracked files that exist, relative to the repository's root."""
    listed = subprocess.run(  # noqa: S603 - fixed words
        ["git", "-c", f"safe.directory={ROOT}", "ls-files", "-z"],  # noqa: S607 - git as the PATH has it
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return tuple(Path(name) for name in listed.split("\0") if name and (ROOT / name).is_file())


def text_of(path: Path) -> str | None:
    """Give a tracked file's text, or `None` if it is none (a picture, an archive)."""
    try:
        return (ROOT / path).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None


def python_files(*folders: str) -> tuple[Path, ...]:
    """Give the tracked Python files under these top folders, migrations left out: those are generated."""
    return tuple(
        path
        for path in tracked_files()
        if path.suffix == ".py" and path.parts[0] in folders and "migrations" not in path.parts
    )
