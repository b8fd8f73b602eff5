"""`python -m tests.engine.golden`: write the golden files again."""

from tests.engine.golden import FOLDER, golden_files

for name, text in golden_files().items():
    (FOLDER / name).write_text(text, encoding="utf-8")
