"""``docs/checks.md``: the catalogue of checks as a page for people.

Written by ``python -m deploy_engine.checks > docs/checks.md``; a test holds that the page is current.
"""

from __future__ import annotations

from collections.abc import Iterator

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


def checks_page() -> str:
    """The page, as Markdown."""
    sections = []
    for check in CATALOGUE:
        heading, summary, *points = _section(check)
        sections.append(f"{heading}\n\n{summary}\n\n" + "\n".join(points) + "\n")
    return _INTRODUCTION + "\n" + "\n".join(sections)
