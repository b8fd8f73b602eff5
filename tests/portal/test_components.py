"""Every component renders from plain contexts, and none brings inline script or style."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template import Context, Template
from django.template.loader import get_template
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from portal.presenters.events import MARKS
from tests.portal.gallery import context

ICON = re.compile(r'{% lucide "([^"]+)"')
TEMPLATES = Path(settings.BASE_DIR) / "templates"
INLINE = re.compile(r"""\s(style|on[a-z]+)\s*=\s*["']|<style|<script(?![^>]*\ssrc=)|hx-on""", re.IGNORECASE)


@pytest.fixture
def gallery_page(signed_in: Client, settings: Settings) -> str:
    """The gallery, as a signed-in browser gets it."""
    settings.ROOT_URLCONF = "tests.portal.gallery_urls"
    templates = settings.TEMPLATES
    here = Path(__file__).parent / "templates"
    settings.TEMPLATES = [{**templates[0], "DIRS": [*templates[0]["DIRS"], here]}]
    return signed_in.get("/gallery/").content.decode()


def test_gallery__all_components__render(gallery_page: str) -> None:
    for words in (
        "Update the stack",
        "Versions only go up",
        "asked for changes",
        "and 3 more",
        "Type <code>brands_old",
    ):
        assert words in gallery_page


@pytest.mark.parametrize(
    "template", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: str(path.relative_to(TEMPLATES))
)
def test_templates__any__have_no_inline_script_or_style(template: Path) -> None:
    assert not INLINE.search(template.read_text())


@pytest.mark.parametrize("component", sorted((TEMPLATES / "components").glob("*.html")), ids=lambda path: path.name)
def test_components__any__document_their_context_at_the_top(component: Path) -> None:
    head = component.read_text()[:400]
    assert "{% comment %}" in head
    assert "ontext" in component.read_text()


def test_icons__named_in_any_template_or_mark__exist() -> None:
    names = {name for template in TEMPLATES.rglob("*.html") for name in ICON.findall(template.read_text())}
    names |= {icon for icon, _ in MARKS.values()}
    for name in sorted(names):
        assert "<svg" in Template("{% load lucide %}{% lucide name %}").render(Context({"name": name}))


def test_requirement_box__act_not_enabled__shows_the_reason_and_no_form() -> None:
    page = get_template("components/requirement_box.html").render(
        {"box": {**context(timezone.now())["box"], "others": []}}
    )
    assert "Nobody has approved this plan yet." in page
    assert "<form" not in page


def test_badge__hostile_label__is_escaped() -> None:
    badge = {"label": "<b>x</b>", "tone": "good", "symbol": "✓"}
    assert "<b>" not in get_template("components/state_badge.html").render({"badge": badge})
