"""``docs/checks.md``: the catalogue of checks as a page for people.

Written by ``python -m deploy_engine.checks > docs/checks.md``; a test holds that the page is current.
"""

from __future__ import annotations

from collections.abc import Iterator

from deploy_engine.checks.calls import READS, Change, calls_of_a_plan
from deploy_engine.checks.check import Check
from deploy_engine.checks.registry import CATALOGUE

_INTRODUCTION = """\
# Checks

Every rule that a change must pass before it may be merged or deployed. All of them only read. A check that could not
run blocks like one that failed. The portal, the command line (`python -m deploy_engine validate DIR`) and this page
list the same catalogue; this page is written by `python -m deploy_engine.checks > docs/checks.md`.
"""


def _asks(check: Check) -> str:
    if check.reads:
        return "asks AWS: " + ", ".join(f"`{operation}`" for operation in check.reads)
    return "needs the config only"


def _section(check: Check) -> Iterator[str]:
    yield f"## `{check.id}`"
    yield f"{check.title}. At worst **{check.severity.value}**; {_asks(check)}."
    yield f"- Passes: {check.good.words}."
    yield f"- Is found: {check.bad.words}."
    yield f"- Remedy: {check.remedy}."


_CALLS = """\
## What a plan asks of AWS

The read-only calls of all checks together, and of the plan: each operation is asked once for all checks that need it. A
plan for a team makes these calls and no others, however many teams there are; so that adding a table to one task costs
{single}.

| operation | calls | for |
| --- | --- | --- |
"""


def _calls() -> str:
    rows = []
    for read in READS:
        checks = ", ".join(f"`{check.id}`" for check in CATALOGUE if read.operation in check.reads)
        rows.append(f"| `{read.operation}` | {read.words} | {checks} |\n")
    single = sum(calls_of_a_plan(Change(tasks=1, counted=(1,), loads=1, sources=1)).values())
    return _CALLS.format(single=f"{single} calls, {single - 1} where Sluice may not look into the source") + "".join(
        rows
    )


def checks_page() -> str:
    """The page, as Markdown."""
    sections = []
    for check in CATALOGUE:
        heading, summary, *points = _section(check)
        sections.append(f"{heading}\n\n{summary}\n\n" + "\n".join(points) + "\n")
    return _INTRODUCTION + "\n" + "\n".join([*sections, _calls()])
