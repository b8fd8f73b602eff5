"""The engine's command as a program: what it gives back, and that it ends."""

from __future__ import annotations

import time

import pytest

from replication.selectors.rehearsal_order import RehearsalOrder
from replication.services.rehearsal_program import RehearsalBrokeOff, rehearsal_program
from tests.replication.company import FILES

PLAN: dict[str, list[object]] = {"steps": [], "side_effects": []}


def test_rehearsal_program__config_that_does_not_parse__gives_the_commands_last_words() -> None:
    order = RehearsalOrder({**FILES, "sluice.json": "{"}, dict(FILES), "local", "food", PLAN)
    with pytest.raises(RehearsalBrokeOff, match="It ended with 1 and without a result"):
        rehearsal_program(order, lambda words: None, seconds=60)


def test_rehearsal_program__takes_too_long__is_ended_at_once_with_all_that_it_started() -> None:
    order = RehearsalOrder(dict(FILES), dict(FILES), "local", "food", PLAN)
    began = time.monotonic()
    with pytest.raises(RehearsalBrokeOff, match=r"It took longer than 0\.01 minutes and was given up"):
        rehearsal_program(order, lambda words: None, seconds=0.6)
    assert time.monotonic() - began < 10
