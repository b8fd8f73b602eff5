"""The table of behaviours names tests, and they exist."""

import re
from pathlib import Path

HERE = Path(__file__).parent
DOCUMENT = HERE.parents[1] / "docs" / "local-aws.md"
NAMED = re.compile(r"`(test_\w+)\.(test_\w+)`")
SECTIONS = {"1", "2", "3", "4", "5", "8", "9"}


def test_behaviours__tests_that_the_document_names__exist() -> None:
    named = NAMED.findall(DOCUMENT.read_text("utf-8"))
    assert len(named) > 60
    missing = [
        f"{module}.{name}"
        for module, name in named
        if not re.search(rf"^def {name}\(", (HERE / f"{module}.py").read_text("utf-8"), re.MULTILINE)
    ]
    assert missing == []


def test_behaviours__each_row__has_a_test_and_each_section_has_rows() -> None:
    text = DOCUMENT.read_text("utf-8").partition("## Behaviours")[2].partition("\n## ")[0]
    rows = [line.split("|")[1:-1] for line in text.splitlines() if line.startswith("| ")][2:]
    assert {cells[0].strip() for cells in rows} == SECTIONS | {""}
    assert [cells[1] for cells in rows if not NAMED.search(cells[2])] == []
