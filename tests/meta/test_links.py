"""Pages of the documentation are found where they are named: by links, and in comments and docstrings."""

import re
from pathlib import Path

from tests.meta.tracked_files import ROOT, text_of, tracked_files

LINK = re.compile(r"\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)")
HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)
NAMED_PAGE = re.compile(r"(?<![\w{}%])((?:[\w.-]+/)*[\w-]+\.md)\b(?:`?,? sections? (\d+))?")
NAMED_AS_AN_EXAMPLE = {"tests/meta", "tests/engine/config"}


def _anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as git servers make them."""
    headings = HEADING.findall(text_of(page) or "")
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def _is_there(target: Path, anchor: str) -> bool:
    if not target.exists():
        return False
    return not anchor or anchor in _anchors(target.relative_to(ROOT))


def test_pages__every_relative_link__leads_to_a_file_and_a_heading() -> None:
    broken = [
        f"{page}: {path}#{anchor}"
        for page in tracked_files()
        if page.suffix == ".md"
        for path, anchor in LINK.findall(text_of(page) or "")
        if not _is_there((ROOT / page.parent / path).resolve() if path else ROOT / page, anchor)
    ]

    assert broken == []


def test_files__every_page_they_name__exists_with_the_section() -> None:
    pages = {path.name: path for path in tracked_files() if path.suffix == ".md"}
    lost = [
        f"{path}: {named} {section}"
        for path in tracked_files()
        if path.suffix in {".py", ".html", ".md", ".toml"} and str(path.parent) not in NAMED_AS_AN_EXAMPLE
        for named, section in NAMED_PAGE.findall(text_of(path) or "")
        if (page := pages.get(Path(named).name)) is None
        or (section and f"\n## {section}. " not in (text_of(page) or ""))
    ]

    assert lost == []
