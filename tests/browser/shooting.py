"""Pictures of pages, for `docs/screenshots/`: taken where `SCREENSHOTS` names a folder, and else not.

They are kept in a palette of 256 colours, which a page hardly notices and a repository does.
"""

from __future__ import annotations

import base64
import os
import struct
import zlib
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

MOST_BYTES = 150_000
TALLEST = 1_300
"""Pixels: of a longer page the beginning is enough."""

_INDEXED = 3
_PIXELS = """async png => {
  const picture = new Image();
  picture.src = "data:image/png;base64," + png;
  await picture.decode();
  const canvas = Object.assign(document.createElement("canvas"), {width: picture.width, height: picture.height});
  const brush = canvas.getContext("2d");
  brush.drawImage(picture, 0, 0);
  const raw = brush.getImageData(0, 0, canvas.width, canvas.height).data, seen = new Map();
  for (let at = 0; at < raw.length; at += 4) {
    const colour = raw[at] << 16 | raw[at + 1] << 8 | raw[at + 2];
    seen.set(colour, (seen.get(colour) ?? 0) + 1);
  }
  const palette = [...seen].sort((one, two) => two[1] - one[1]).slice(0, 256).map(([colour]) => colour);
  const far = (one, two) => [16, 8, 0].reduce((sum, bits) => sum + ((one >> bits & 255) - (two >> bits & 255)) ** 2, 0);
  const place = new Map(palette.map((colour, index) => [colour, index]));
  for (const colour of seen.keys()) {
    if (place.has(colour)) continue;
    let best = 0;
    for (let index = 1; index < palette.length; index++) {
      if (far(colour, palette[index]) < far(colour, palette[best])) best = index;
    }
    place.set(colour, best);
  }
  let pixels = "";
  for (let at = 0; at < raw.length; at += 4) {
    pixels += String.fromCharCode(place.get(raw[at] << 16 | raw[at + 1] << 8 | raw[at + 2]));
  }
  return {width: canvas.width, height: canvas.height, palette, pixels: btoa(pixels)};
}"""


def shoot(page: Page, name: str) -> None:
    """Write `<name>.png` of the page from its top. Fails where a picture is heavier than a repository should carry."""
    folder = os.environ.get("SCREENSHOTS")
    if not folder:
        return
    height = min(int(page.evaluate("document.documentElement.scrollHeight")), TALLEST)
    size = page.viewport_size
    assert size is not None
    page.set_viewport_size({"width": size["width"], "height": height})
    picture = _in_a_palette(page, page.screenshot(animations="disabled", caret="hide"))
    page.set_viewport_size(size)
    target = Path(folder) / f"{name}.png"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(picture)
    assert len(picture) <= MOST_BYTES, f"{target} weighs {len(picture)} bytes"


def _in_a_palette(page: Page, png: bytes) -> bytes:
    """The picture once more, by a page that has no policy against it."""
    blank = page.context.new_page()
    found: dict[str, Any] = blank.evaluate(_PIXELS, base64.b64encode(png).decode())
    blank.close()
    width, height, pixels = found["width"], found["height"], base64.b64decode(found["pixels"])
    lines = b"".join(b"\0" + pixels[row * width : (row + 1) * width] for row in range(height))
    return b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, _INDEXED, 0, 0, 0)),
            _chunk(b"PLTE", b"".join(colour.to_bytes(3) for colour in found["palette"])),
            _chunk(b"IDAT", zlib.compress(lines, 9)),
            _chunk(b"IEND", b""),
        )
    )


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
