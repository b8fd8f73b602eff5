"""Judging a page that stands in the browser: WCAG AA in light and in dark, and nothing wider than a phone.

One load serves all three looks: the same elements stand there, and only what depends on colour or width is asked again.
"""

from __future__ import annotations

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import WCAG_AA

PHONE, DESK, HEIGHT = 360, 1280, 900
OF_COLOUR = {**WCAG_AA, "runOnly": {"type": "rule", "values": ["color-contrast"]}}
OF_WIDTH = {**WCAG_AA, "runOnly": {"type": "rule", "values": ["target-size", "scrollable-region-focusable"]}}
STILL: dict[str, Any] = {"reduced_motion": "reduce", "viewport": {"width": DESK, "height": HEIGHT}}
"""How a page has to be opened that is judged: a colour that fades from light to dark would be judged half way."""
_RUN = "options => axe.run(document, options).then(found => found.violations)"


def judge(page: Page) -> list[str]:
    """What is wrong with the page as it stands, in words; empty where nothing is."""
    found = Axe().run(page, options=WCAG_AA)
    wrong = [found.generate_report()] if found.violations_count else []
    page.emulate_media(color_scheme="dark")
    wrong += _violations(page, OF_COLOUR, "in dark")
    page.set_viewport_size({"width": PHONE, "height": HEIGHT})
    wrong += _violations(page, OF_WIDTH, "on a phone")
    wide = page.evaluate(_WIDER)
    wrong += [f"wider than a phone by {wide[0]} px: {wide[1]}"] if wide else []
    page.set_viewport_size({"width": DESK, "height": HEIGHT})
    page.emulate_media(color_scheme="light")
    return wrong


def _violations(page: Page, options: dict[str, Any], where: str) -> list[str]:
    return [
        f"{where}: {rule['id']}: {node['html'][:200]}"
        for rule in page.evaluate(_RUN, options)
        for node in rule["nodes"]
    ]


_WIDER = """() => {
  const FRAMES = ".table-frame, .diff-frame, .map-frame";
  const excess = document.documentElement.scrollWidth - window.innerWidth;
  if (excess <= 0) return null;
  const widest = [...document.querySelectorAll("main *, header *, footer *")]
    .filter(each => each.getBoundingClientRect().right > window.innerWidth && !each.closest(FRAMES))
    .pop();
  return [excess, widest ? widest.outerHTML.slice(0, 200) : "?"];
}"""
