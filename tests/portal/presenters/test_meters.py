"""Limits as meters: which are shown, and what a change adds to them."""

from __future__ import annotations

from deploy_engine.checks import LimitMeter
from portal.presenters.meters import limit_meters


def _mappings(task: str, size: int) -> LimitMeter:
    return LimitMeter(f"Table mappings of {task}", size, 2_000_000, "bytes", "split the task", task)


STACK = LimitMeter("Template", 84_231, 1_000_000, "bytes", "ask the platform team")


def test_limit_meters__many_tasks__shows_the_fullest_and_those_that_are_nearly_full() -> None:
    tasks = [_mappings(f"t{size}", size) for size in (10, 1_700_000, 20, 1_800_000, 1_900_000, 1_650_000)]
    labels = [meter.label for meter in limit_meters([STACK, *tasks])]
    assert labels == ["Template", *(f"Table mappings of t{size}" for size in (1900000, 1800000, 1700000, 1650000))]


def test_limit_meters__a_change__says_what_it_adds_and_takes() -> None:
    before = [STACK, _mappings("one", 2_000)]
    after = [STACK, _mappings("one", 1_400), _mappings("new", 700)]
    words = {meter.label: meter.words for meter in limit_meters(after, before)}
    assert words["Template"] == "84.2 kB of 1 MB"
    assert words["Table mappings of one"] == "1.4 kB of 2 MB (−600 bytes by this change)"
    assert words["Table mappings of new"] == "700 bytes of 2 MB (+700 bytes by this change)"


def test_limit_meters__resources__are_counted_and_named_once() -> None:
    [meter] = limit_meters([LimitMeter("Resources", 18, 500, "resources", "split")])
    assert meter.words == "18 of 500 resources"


def test_limit_meters__nearly_full__gives_the_remedy() -> None:
    [meter] = limit_meters([_mappings("one", 1_700_000)])
    assert (meter.tone, meter.note) == ("warning", "Split the task.")
