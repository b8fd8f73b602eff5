"""What the command line says: sentences, small tables, colour where a person looks at a terminal. The only printing."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Any, TextIO


class Style(Enum):
    """The few looks that words have, by their terminal code (ECMA-48, select graphic rendition)."""

    PLAIN = ""
    STRONG = "1"
    QUIET = "2"
    GOOD = "32"
    WARN = "33"
    BAD = "31"


def colour_wanted(stream: TextIO, variables: Mapping[str, str]) -> bool:
    """Only on a terminal that can show it, and never where ``NO_COLOR`` is set (no-color.org)."""
    return stream.isatty() and not variables.get("NO_COLOR") and variables.get("TERM", "") != "dumb"


class Output:
    """Results go to ``out``, so that they can be piped; everything about them goes to ``err``."""

    def __init__(self, out: TextIO, err: TextIO, variables: Mapping[str, str]) -> None:
        self._out = out
        self._err = err
        self._colour = {stream: colour_wanted(stream, variables) for stream in (out, err)}

    def text(self, text: str) -> None:
        """Verbatim, such as a template."""
        self._out.write(text)

    def json(self, value: Any) -> None:
        self._out.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")

    def line(self, text: str = "", style: Style = Style.PLAIN) -> None:
        self._out.write(self._styled(self._out, text, style) + "\n")
        self._out.flush()

    def error(self, text: str, style: Style = Style.BAD) -> None:
        self._err.write(self._styled(self._err, text, style) + "\n")
        self._err.flush()

    def table(self, rows: Sequence[tuple[tuple[str, ...], Style]]) -> None:
        """Rows of cells in columns as wide as their widest cell; the last column is left as it is."""
        if not rows:
            return
        count = max(len(cells) for cells, _ in rows)
        widths = [max(len(cells[i]) for cells, _ in rows if i < len(cells)) for i in range(count)]
        for cells, style in rows:
            padded = [cell.ljust(width) for cell, width in zip(cells[:-1], widths, strict=False)]
            self.line("  ".join([*padded, cells[-1]]).rstrip(), style)

    def _styled(self, stream: TextIO, text: str, style: Style) -> str:
        if not self._colour[stream] or style is Style.PLAIN:
            return text
        return f"\x1b[{style.value}m{text}\x1b[0m"
