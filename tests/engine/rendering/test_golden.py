"""What the example company renders to does not change by accident; see `tests/engine/golden/__init__.py`."""

from tests.engine.golden import FOLDER, golden_files


def test_render__the_example_company__is_what_the_golden_files_say() -> None:
    kept = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.json")}

    assert kept == golden_files(), "look at it, then renew: python -m tests.engine.golden"
