"""The page about security names tests that there are."""

from __future__ import annotations

import re

from tests.meta.tracked_files import ROOT

ROW = re.compile(r"^\| (?!what is asked|---)(.+?) \| (.+?) \| (.+?) \|$", re.MULTILINE)


def test_security_page__every_row__names_files_that_exist() -> None:
    rows = ROW.findall((ROOT / "docs" / "security.md").read_text(encoding="utf-8"))

    named = {what: re.findall(r"`([^`]+)`", tests) for what, _, tests in rows}
    assert len(named) == len(rows) > 0
    assert [what for what, files in named.items() if not files] == []
    assert [file for files in named.values() for file in files if not (ROOT / file).is_file()] == []
