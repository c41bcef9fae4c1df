"""The cover of a listening lesson: how the model attended to the prompt, and what it added.

Every arc is an attention weight of the trace: it leads from a token back to one that it attends to, and is as
opaque as the weight is large. Those of the head that the lesson follows are drawn wider.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import typst

from llmtrace.trace import Trace, block
from renders.listen import Cover
from renders.publish.transcript import continuation
from scenes import style
from scenes.focus import focus
from scenes.letters import drawable, faces, literal, shorten
from scenes.reading import Slice, slice_of
from voiceover.plain import plain_text

SIDE = 1400  # pixels: the least that podcast directories take
_LEFT, _RIGHT, _LINE = 130.0, SIDE - 130.0, 760.0  # where the tokens stand
_HIGH = 600.0  # the highest arc
_ARCS = 900  # the heaviest are drawn
_LEAST = 0.02  # a weight below cannot be seen
_PROMPT = 150  # characters of the prompt
_ADDED = 60  # and of the continuation


def cover(trace: Trace) -> Cover:
    """The cover of a trace's lesson."""
    page = "\n".join(
        (
            f'#set page(width: {SIDE}pt, height: {SIDE}pt, margin: 0pt, fill: rgb("{style.GROUND}"))',
            f"#set text(font: {faces(style.SERIF)}, fallback: false, hyphenate: false)",
            *_arcs(trace),
            *_tokens(trace),
            *_words(trace),
        )
    )
    picture = typst.Compiler(ignore_system_fonts=True).compile(page.encode(), format="png", ppi=72.0)
    assert isinstance(picture, bytes)
    return Cover(picture, _drawn(trace))


def _drawn(trace: Trace) -> list[Slice]:
    """What the arcs are drawn from, as `llm-lesson check` reads it again."""
    return [slice_of(trace, block(number, "attn.pattern")) for number in range(trace.meta.model.blocks)]


def _arcs(trace: Trace) -> Iterator[str]:
    """An arc for each weight of each head, the heaviest last, then those of the head that is followed."""
    patterns = np.stack([part.values for part in _drawn(trace)])  # (block, head, query, key)
    followed = focus(trace)
    blocks, heads, length, _ = patterns.shape
    weights = patterns * (
        np.arange(length)[:, None] > np.arange(length)
    )  # a token's arc to itself has no width
    order = np.argsort(weights, axis=None, kind="stable")[-_ARCS:]
    for index in order:
        number, head, query, key = (int(i) for i in np.unravel_index(index, weights.shape))
        weight = float(weights[number, head, query, key])
        if weight >= _LEAST:
            level = (number + (head + 0.5) / heads) / blocks  # deep blocks arch highest, so that arcs part
            yield _arc(length, query, key, 0.45 + 0.55 * level, 1.6, 0.5 * weight)
    for key in range(followed.query):
        weight = float(patterns[followed.block, followed.head, followed.query, key])
        if weight >= _LEAST:
            level = (followed.block + (followed.head + 0.5) / heads) / blocks
            yield _arc(
                length, followed.query, key, 0.45 + 0.55 * level, 3.0 + 9.0 * weight, 0.25 + 0.75 * weight
            )


def _arc(length: int, query: int, key: int, level: float, width: float, opacity: float) -> str:
    start, end = _place(length, key), _place(length, query)
    top = _LINE - _HIGH * level * ((end - start) / (_RIGHT - _LEFT)) ** 0.6 * 4 / 3
    return _put(
        f'curve(stroke: (paint: rgb("{style.PROBABILITY}").transparentize({100 * (1 - opacity):.1f}%), '
        f'thickness: {width:.2f}pt, cap: "round"), curve.move(({start:.1f}pt, {_LINE}pt)), '
        f"curve.cubic(({start:.1f}pt, {top:.1f}pt), ({end:.1f}pt, {top:.1f}pt), ({end:.1f}pt, {_LINE}pt)))"
    )


def _tokens(trace: Trace) -> Iterator[str]:
    length = trace.length
    radius = 40.0 if length == 1 else min(11.0, 0.3 * (_RIGHT - _LEFT) / (length - 1))
    for position in range(length):
        x, last = _place(length, position), position == length - 1
        colour = style.PROBABILITY if last else style.INK
        yield _put(f'circle(radius: {radius}pt, fill: rgb("{colour}"))', x - radius, _LINE - radius)


def _words(trace: Trace) -> Iterator[str]:
    """The prompt, the continuation in the hue of what was chosen, and which model it was."""
    given = trace.meta.prompt
    prompt = ", ".join(map(str, trace["tokens"])) if given is None else plain_text(given)
    prompt = shorten(prompt, _PROMPT)
    added = shorten(continuation(trace).replace("\n", " "), _ADDED)
    size = 92 if len(prompt) + len(added) < 45 else 64 if len(prompt) + len(added) < 110 else 46
    yield _put(
        f"box(width: {_RIGHT - _LEFT}pt, height: 390pt, clip: true, "
        f"[#set par(leading: {0.4 * size}pt)\n#set text(size: {size}pt)\n"
        f'#text(fill: rgb("{style.INK}"), {_breakable(prompt)})'
        f'#text(fill: rgb("{style.PROBABILITY}"), {_breakable(added)})])',
        _LEFT,
        _LINE + 90,
    )
    model = drawable(shorten(plain_text(trace.meta.model.name), 40), style.SERIF)
    yield _put(
        f'text(size: 34pt, fill: rgb("{style.DIM}"), {literal("llm-lesson · " + model)})', _LEFT, SIDE - 120
    )


def _breakable(text: str) -> str:
    """A Typst string that may be broken inside very long words."""
    return literal(re.sub(r"(\S{16})(?=\S)", "\\1\u200b", drawable(text, style.SERIF)))


def _place(length: int, position: int) -> float:
    """Where a token stands: spread over the width, few of them closer together."""
    if length == 1:
        return SIDE / 2
    share = min(1.0, 0.35 + 0.1 * length)
    left = SIDE / 2 - share * (_RIGHT - _LEFT) / 2
    return left + share * (_RIGHT - _LEFT) * position / (length - 1)


def _put(what: str, x: float = 0.0, y: float = 0.0) -> str:
    return f"#place(top + left, dx: {x:.1f}pt, dy: {y:.1f}pt, {what})"
