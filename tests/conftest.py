"""What every test runs under: closed sockets, repeatable property tests, warnings as errors (see `pyproject.toml`)."""

import os
from collections.abc import Generator
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings

from tests.engine.adapters.sources.mariadb import installed
from tests.sockets import close_sockets, loopback

pytest_plugins = ["tests.proofs", "tests.running_sluice"]

TESTS = Path(__file__).parent

# Folders whose tests start servers of their own and speak to them.
FOLDERS_WITH_SERVERS = ("browser", "journeys", "local_aws")

# Folders whose tests share one running Sluice, and therefore one process.
FOLDERS_WITH_WHOLE_SLUICE = ("browser", "journeys")

# Files with tests that take many seconds each.
LONG = ("test_command_line.py", "test_rows_arrive.py", "test_kept_by_the_database.py", "test_rehearse.py")

# The same examples in every run, so that a red run means a changed program. HYPOTHESIS_PROFILE=explore looks further.
hypothesis_settings.register_profile("repeatable", derandomize=True, deadline=None)
hypothesis_settings.register_profile("explore", max_examples=1000, deadline=None)
hypothesis_settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))


def pytest_configure() -> None:
    """Close the sockets before the first test is collected."""
    close_sockets()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of folders that start servers, and let the long ones that belong together begin.

    `make test` deals them out in this order (`--no-loadscope-reorder`): one process begins with the whole Sluice, which
    takes minutes, the other with everything else, and nothing long is left for the end.
    """
    for item in items:
        folder = item.path.relative_to(TESTS).parts[0]
        if folder in FOLDERS_WITH_SERVERS:
            item.add_marker(pytest.mark.loopback)
        if folder in FOLDERS_WITH_WHOLE_SLUICE:
            item.add_marker(pytest.mark.xdist_group("whole-sluice"))
    items.sort(key=_turn)


def _turn(item: pytest.Item) -> int:
    if item.path.relative_to(TESTS).parts[0] in FOLDERS_WITH_WHOLE_SLUICE:
        return 0
    return 1 if item.get_closest_marker("xdist_group") or item.path.name in LONG else 2


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say which real databases the tests of source catalogues could read: a MariaDB is not on every machine."""
    found = installed()
    mariadb = f"MariaDB ({found.program})" if found else "no MariaDB, for none is installed (scripts/install-mariadb)"
    terminalreporter.write_line(f"Source catalogues are read from: PostgreSQL (embedded), {mariadb}.")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Open loopback for the marked tests only, from before their fixtures until after them."""
    with loopback(allowed=item.get_closest_marker("loopback") is not None):
        return (yield)
