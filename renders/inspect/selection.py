"""A part of a tensor that a person asks for, and what stands along its axes."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from llmtrace.names import LETTERS
from llmtrace.suggest import did_you_mean
from llmtrace.trace import Array, Trace
from llmtrace.visible import visible
from renders.errors import RequestError


@dataclass(frozen=True)
class Axis:
    """One axis of what is shown: its letter, what it counts, and the index at which it begins."""

    letter: str
    what: str
    start: int
    size: int

    def __str__(self) -> str:
        start = f", from index {self.start}" if self.start else ""
        return f"{self.what} ({self.letter} = {self.size:,}{start})"


class Selection:
    """`trace[name][index]` with its axes."""

    def __init__(self, trace: Trace, name: str, index: str | None = None) -> None:
        """`index` is written as in "0,-1" or "0:3,2"; raises `RequestError` for what is not there."""
        self.trace, self.name = trace, _known(trace, name)
        whole, letters = trace[name], trace.axes(name)
        parts = _parsed(index, letters, whole.shape)
        self.values: Array = whole[tuple(parts)]
        starts = [0 if isinstance(part, int) else part.start for part in parts] + [0] * whole.ndim
        kept = [at for at in range(whole.ndim) if at >= len(parts) or isinstance(parts[at], slice)]
        self.axes = tuple(
            Axis(letters[at], _counted(letters[at]), starts[at], size)
            for at, size in zip(kept, self.values.shape, strict=True)
        )
        self._picked = [
            (_ONE[letter], part)
            for letter, part in zip(letters, parts, strict=False)
            if isinstance(part, int) and letter in _ONE
        ]
        self.where = f"[{', '.join(_written(part) for part in parts)}]" if parts else ""

    @property
    def title(self) -> str:
        return self.name + self.where

    @property
    def counted(self) -> str:
        """Which step, block and head it is of, as people count them: "block 3, head 2"; or nothing."""
        found = re.findall(r"\b(step|block|lens)\.(\d+)\.", self.name)
        named = [("block" if what == "lens" else what, int(index)) for what, index in found]
        return ", ".join(f"{what} {index + 1}" for what, index in [*named, *self._picked])

    def label(self, axis: int, place: int) -> str:
        """What stands at a place of an axis: a token, a head or block as people count, else its index."""
        along = self.axes[axis]
        index = along.start + place
        if along.letter == "V":
            return self.word(index)
        if along.letter in self._ids:
            return self.word(int(self._ids[along.letter][index]))
        return f"{_ONE[along.letter]} {index + 1}" if along.letter in _ONE else str(index)

    def word(self, token: int) -> str:
        """A token as a reader can see it, by its id."""
        content = self.trace.token_bytes(token)
        return f"#{token}" if content is None else visible(content)

    def is_named(self, axis: int) -> bool:
        """Whether the labels of an axis are words: tokens, or heads and blocks by number."""
        letter = self.axes[axis].letter
        return letter == "V" or letter in self._ids or letter in _ONE

    @cached_property
    def _ids(self) -> dict[str, Array]:
        """The tokens along an axis, by its letter."""
        step = re.match(r"step\.\d+\.", self.name)  # a later step has read more tokens
        sources = {"T": f"{step[0] if step else ''}tokens", "P": "projection.token"}
        return {letter: self.trace[name] for letter, name in sources.items() if name in self.trace}


_ONE = {"H": "head", "G": "head", "L": "block", "S": "step"}


def _counted(letter: str) -> str:
    """What an axis counts, in a word or two."""
    return re.split("[,;]", LETTERS[letter])[0]


def _known(trace: Trace, name: str) -> str:
    if name in trace:
        return name
    lists = "'llm-lesson inspect' without --name lists them"
    hint = did_you_mean(name, trace.names(), lists, most=3, cutoff=0.5)
    raise RequestError(f"--name {name}: the trace has no such tensor; {hint}")


def _parsed(index: str | None, letters: tuple[str, ...], shape: tuple[int, ...]) -> list[int | slice]:
    """The ints and slices of an index, each within its axis."""
    if index is None or not index.strip():
        return []
    asked = [part.strip() for part in index.split(",")]
    if len(asked) > len(shape):
        axes = f"it has the axes {' '.join(letters)}" if letters else "it is a single number"
        raise RequestError(f"--index {index}: {len(asked)} indices for {len(shape)} axes; {axes}")
    return [
        _part(part, letter, size)
        for part, letter, size in zip(asked, letters[: len(asked)], shape[: len(asked)], strict=True)
    ]


def _part(text: str, letter: str, size: int) -> int | slice:
    try:
        if ":" not in text:
            place = int(text)
        else:
            start, stop = (int(end) if end.strip() else None for end in text.split(":"))
            found = slice(*slice(start, stop).indices(size))
            if found.start >= found.stop:
                raise RequestError(f"--index {text}: holds nothing of axis {letter}, which has {size}")
            return found
    except ValueError:
        raise RequestError(
            f"--index {text!r}: takes whole numbers and ranges for each axis, like 0,3 or 0:3,-1"
        ) from None
    if not -size <= place < size:
        there = f"has 0 to {size - 1}, or -{size} to -1 from the end" if size else "is empty"
        raise RequestError(f"--index {text}: axis {letter} ({_counted(letter)}) {there}")
    return place % size


def _written(part: int | slice) -> str:
    return str(part) if isinstance(part, int) else f"{part.start}:{part.stop}"


def written(value: float | np.generic) -> str:
    """A number for people: three or four digits, a true minus, whole numbers as they are."""
    if isinstance(value, np.integer) or (float(value).is_integer() and abs(float(value)) < 1e4):
        return f"{int(value)}".replace("-", "−")
    number = float(value)
    if not math.isfinite(number):
        return {math.inf: "∞", -math.inf: "−∞"}.get(number, "NaN")
    size = abs(number)
    if size >= 1e6 or size < 1e-3:
        text = f"{number:.2e}".replace("e-0", "e-").replace("e+0", "e")
    else:
        digits = 0 if size >= 1000 else 1 if size >= 100 else 2 if size >= 10 else 3
        text = f"{number:,.{digits}f}"
    return text.replace("-", "−")
