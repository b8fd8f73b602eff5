"""The watchdog's process: one pass and an end, or rounds that outlive whatever goes wrong in them."""

from __future__ import annotations

import threading
from io import StringIO

import pytest
from django.core.management import call_command

from portal.management.commands import reconcile


@pytest.mark.django_db
def test_reconcile__nothing_overdue__says_so_and_ends() -> None:
    out = StringIO()
    call_command("reconcile", stdout=out)
    assert out.getvalue() == "Took up 0 check runs, 0 deployments, no git export and 0 looks at AWS.\n"


@pytest.mark.django_db
def test_rounds__one_breaks_off__the_next_one_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reconcile, "AFTER_TROUBLE_SECONDS", 0)
    monkeypatch.setattr(reconcile, "close_old_connections", lambda: None)
    stopping, rounds = threading.Event(), list[int]()

    def work() -> None:
        rounds.append(len(rounds))
        if len(rounds) == 1:
            raise RuntimeError("the database is locked")
        stopping.set()

    reconcile._again_and_again(work, stopping)
    assert rounds == [0, 1]
