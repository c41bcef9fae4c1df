"""A picture of any tensor: bars, a strip, a heat map, or heat maps side by side, with their scale."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from llmtrace.trace import Array
from renders.errors import OutputError, RequestError
from renders.inspect.canvas import MARGIN, WIDE, Sheet
from renders.inspect.colours import ColourScale, cells, hexed, rgb, scale_for
from renders.inspect.heatmaps import Maps
from renders.inspect.selection import Selection, written
from renders.store.atomic import atomic_file, ends_with
from scenes import style
from scenes.letters import drawable, shorten

TITLE, TEXT, NUMBER = 30, 21, 17  # sizes of text
FEW = 500  # values of which none is clipped
BARS = 40  # a vector of at most so many values is drawn as bars
TOP = 24  # and of one over the vocabulary its largest
_PROBABILITIES = ("pattern", "probability", "cosine", "explained")


def plot(selection: Selection, path: Path) -> Path:
    """Writes the picture as a PNG; raises `RequestError` and `OutputError`."""
    ends_with(path, ".png", "--plot")
    png = draw(selection)
    try:
        with atomic_file(path) as aside:
            aside.write_bytes(png)
    except (OSError, OutputError) as error:
        reason = error.strerror if isinstance(error, OSError) else getattr(error.__cause__, "strerror", "")
        raise OutputError(f"{path}: cannot be written ({reason}); name another file with --plot") from None
    return path


def draw(selection: Selection) -> bytes:
    """The picture as the bytes of a PNG."""
    values = selection.values
    if values.ndim == 0:
        raise RequestError(f"{selection.title} is a single number; leave out an index to draw a row")
    if values.size == 0:
        raise RequestError(f"{selection.title} is empty: there is nothing to draw")
    sheet = Sheet()
    sheet.text(MARGIN, MARGIN, selection.title, TITLE, style.INK)
    hue = style.PROBABILITY if selection.name.endswith(_PROBABILITIES) else style.INK
    clip = hue == style.INK and values.dtype.kind == "f" and values.size > FEW
    scale = scale_for(values, hue, clip)
    if values.ndim == 1 and values.size <= BARS:
        _subtitle(sheet, selection, str(selection.axes[0]))
        _bars(sheet, selection, scale, list(range(values.size)))
    elif values.ndim == 1 and selection.axes[0].letter == "V":
        _subtitle(sheet, selection, f"the {TOP} largest of {selection.axes[0]}")
        _bars(sheet, selection, scale, np.argsort(-values, kind="stable")[:TOP].tolist())
    else:
        maps = Maps(selection)
        _subtitle(sheet, selection, maps.described)
        maps.draw(sheet, scale)
        _legend(sheet, scale, values, maps.notes)
    return sheet.png()


def _subtitle(sheet: Sheet, selection: Selection, text: str) -> None:
    card = selection.trace.meta.model
    of = f"{selection.counted}  ·  " if selection.counted else ""
    line = f"{of}{text}  ·  {selection.values.dtype}  ·  {card.name}"
    sheet.text(MARGIN, sheet.bottom + 6, line, TEXT, font=style.SERIF)


def _bars(sheet: Sheet, selection: Selection, scale: ColourScale, places: list[int]) -> None:
    """A row for the value at each place: its label, a bar from zero, its number."""
    values, size, pitch, length = selection.values[places], 18, 34, 620
    labels = [shorten(drawable(selection.label(0, place), style.MONO), 24) for place in places]
    texts = [written(value) for value in values]
    left = MARGIN + max(map(len, labels)) * WIDE * size + 16
    finite = values[np.isfinite(values)].astype(np.float64)
    least, most = min(finite.min(initial=0.0), 0.0), max(finite.max(initial=0.0), 0.0)
    span = most - least or 1.0
    before = max((len(t) for t, v in zip(texts, values, strict=True) if v < 0), default=0) * WIDE * size
    zero = round(left + (before + 12 if before else 0) + length * -least / span)
    top = round(sheet.bottom) + 28
    neutral = scale.low == 0 and tuple(scale.ramp[-1]) == rgb(style.INK)
    positive = style.DIM if neutral else hexed(scale.ramp[-1])
    for row, (label, text, value) in enumerate(zip(labels, texts, values, strict=True)):
        y = top + row * pitch
        sheet.text(MARGIN, y, label, size, style.INK, width=left - 16 - MARGIN, height=pitch, at="right")
        reach = round(length * abs(float(value)) / span) if np.isfinite(value) else 0
        at, color = (zero - reach, style.NEGATIVE) if value < 0 else (zero, positive)
        sheet.bar(at, y + 5, max(reach, 1), pitch - 10, color)
        wide = len(text) * WIDE * size
        x = zero - reach - 8 - wide if value < 0 else zero + reach + 8
        sheet.text(x, y, text, size, style.INK, height=pitch)
    sheet.bar(zero - 1, top, 1, pitch * len(values), style.DIM)


def _legend(sheet: Sheet, scale: ColourScale, values: Array, notes: list[str]) -> None:
    top, x = round(sheet.bottom) + 34, MARGIN
    ends = [written(scale.low), written(scale.high)]
    if scale.clipped:
        ends = [f"≤ {ends[0]}" if scale.low else "0", f"≥ {ends[1]}"]
    sheet.text(x, top, ends[0], NUMBER, style.INK, height=20)
    x += round(len(ends[0]) * WIDE * NUMBER) + 12
    bar = scale.ramp[None].repeat(16, axis=0).repeat(2, axis=1)
    sheet.picture(x, top + 2, bar)
    if scale.low < 0:
        sheet.text(x, top + 22, "0", 15, width=bar.shape[1], at="center")
    x += bar.shape[1] + 12
    sheet.text(x, top, ends[1], NUMBER, style.INK, height=20)
    x += round(len(ends[1]) * WIDE * NUMBER) + 48
    for there, value, text in (
        (np.isneginf(values).any(), -np.inf, "−∞"),
        ((np.isnan(values) | np.isposinf(values)).any(), np.nan, "NaN or +∞"),
    ):
        if there:
            sheet.picture(x, top, cells(np.array([[value]]), scale, 34, 20, 0))
            sheet.text(x + 44, top, text, NUMBER, style.INK, height=20)
            x += 44 + round(len(text) * WIDE * NUMBER) + 40
    if scale.clipped:
        beyond = f"beyond the scale: {scale.clipped:,} of {values.size:,} values"
        notes.insert(0, f"{beyond}; all lie from {written(scale.least)} to {written(scale.most)}")
    for number, note in enumerate(notes):
        y = top + 50 + 28 * number
        sheet.text(MARGIN, y, note, TEXT - 2, font=style.SERIF)
