"""A sheet of pixels and text, made into one PNG: pictures by Pillow, text by Typst with its own fonts."""

from __future__ import annotations

import io

import numpy as np
import typst
from PIL import Image

from renders.inspect.colours import Pixels, rgb
from scenes import style
from scenes.letters import drawable, faces, literal

MARGIN = 48  # around everything
_NO_BREAK = "\N{NO-BREAK SPACE}"
WIDE = 0.602  # the advance of a letter of the fixed-width face, in sizes


class Sheet:
    """Lengths are in pixels from the top left corner. Text lies over pictures."""

    def __init__(self) -> None:
        self._pictures: list[tuple[int, int, Pixels]] = []
        self._texts: list[str] = []
        self.right = self.bottom = 0.0  # how far things reach

    def picture(self, x: int, y: int, pixels: Pixels) -> None:
        self._pictures.append((x, y, pixels))
        self._reach(x + pixels.shape[1], y + pixels.shape[0])

    def bar(self, x: int, y: int, width: int, height: int, color: str) -> None:
        self.picture(x, y, np.full((height, width, 3), rgb(color), dtype=np.uint8))

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        color: str | None = None,
        *,
        width: float | None = None,
        height: float | None = None,
        at: str = "left",
        font: str = style.MONO,
        upright: bool = False,
    ) -> None:
        """A line of text in a box with its top left corner at (x, y), `at` left, center or right of it.

        Without a width the box begins at x and is as wide as its text. `upright` text is read from below to
        above, and left of its box is then its foot. Nothing in the text is markup.
        """
        text, color = drawable(text, font), color or style.DIM
        text = text.replace(" ", _NO_BREAK)
        if width is None:  # the serif face is narrower; a box with room to spare is never broken into lines
            reach = len(text) * size * (WIDE if font == style.MONO else 0.46)
            width = len(text) * size * 0.7
        else:
            reach = width
        height = size * 1.25 if height is None else height
        self._reach(x + reach, y + height)
        along, across = (height, width) if upright else (width, height)
        box = (
            f"box(width: {along:.2f}pt, height: {across:.2f}pt, align({at} + horizon, "
            f'text(font: {faces(font)}, size: {size:.2f}pt, fill: rgb("{color}"), {literal(text)})))'
        )
        if upright:
            y, box = y + height, f"rotate(-90deg, origin: top + left, {box})"
        self._texts.append(f"#place(top + left, dx: {x:.2f}pt, dy: {y:.2f}pt, {box})")

    def _reach(self, right: float, bottom: float) -> None:
        self.right, self.bottom = max(self.right, right), max(self.bottom, bottom)

    def png(self) -> bytes:
        width, height = round(self.right) + MARGIN, round(self.bottom) + MARGIN
        sheet = Image.new("RGB", (width, height), rgb(style.GROUND))
        for x, y, pixels in self._pictures:
            sheet.paste(Image.fromarray(pixels), (x, y))
        page = f"#set page(width: {width}pt, height: {height}pt, margin: 0pt, fill: none)\n"
        page += "#set text(fallback: false, hyphenate: false, overhang: false)\n" + "\n".join(self._texts)
        compiler = typst.Compiler(ignore_system_fonts=True)
        texts = compiler.compile(page.encode(), format="png", ppi=72.0)
        assert isinstance(texts, bytes)
        with Image.open(io.BytesIO(texts)) as layer:
            sheet.paste(layer, (0, 0), layer)
        file = io.BytesIO()
        sheet.save(file, "PNG")
        return file.getvalue()
