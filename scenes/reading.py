"""A number with its tensor, index and format: the only way a number gets on screen or into speech.

    read = Reader(trace, Locale("en"))
    read("block.02.attn.pattern", 3, 2, 0).percent()   → Reading(…, text="96%")

A `Reading` says how its text was made, so that `llm-lesson check` can make it again from the trace. A
`Slice` says the same of values that are drawn as colours. Imports no manim.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

import numpy as np

from llmtrace.trace import Array, Trace
from scenes.forms import format_value
from scenes.how import HOW
from scenes.locale import Locale


@dataclass(frozen=True)
class Reading:
    """A text and where it comes from: `form(how(source, index))` of the trace gives `text`."""

    text: str
    source: str  # a tensor's name, or meta.… for what the trace says of itself
    index: tuple[int, ...]
    how: str  # a key of `HOW`
    form: str  # a key of `FORM`, with its digits: "percent:1"

    def __str__(self) -> str:
        return self.text

    def __deepcopy__(self, _memo: object) -> Reading:
        return self  # never changes, and manim copies what it animates

    def row(self) -> dict[str, Any]:
        """All that it takes to read it again, as it is written down; without where and when it was shown."""
        of = {"text": self.text, "tensor": self.source, "index": list(self.index)}
        return {**of, "how": self.how, "form": self.form}


@dataclass(frozen=True)
class Slice:
    """Values of a tensor that a picture draws as colours: `values` is `trace[source][index]`.

    `index` has an int, or a (start, stop), for each leading axis.
    """

    values: Array
    source: str
    index: tuple[int | tuple[int, int], ...]

    def __deepcopy__(self, _memo: object) -> Slice:
        return self

    def row(self) -> dict[str, Any]:
        """As it is written down: which slice it is, and a digest of its values."""
        index = [i if isinstance(i, int) else list(i) for i in self.index]
        return {"tensor": self.source, "index": index, "sha256": self.digest}

    @property
    def digest(self) -> str:
        return hashlib.sha256(np.ascontiguousarray(self.values).tobytes()).hexdigest()


@dataclass(frozen=True)
class Shown:
    """A reading or a slice that was on screen, from one frame up to another."""

    what: Reading | Slice
    start: int
    end: int


def slice_of(trace: Trace, source: str, *index: int | tuple[int, int]) -> Slice:
    """The slice of a tensor at an index of ints and (start, stop) pairs."""
    where = tuple(i if isinstance(i, int) else slice(*i) for i in index)
    return Slice(np.asarray(trace[source][where]), source, index)


class Value:
    """A value read from a trace, to be given a form; see `Reader`."""

    def __init__(self, read: Reader, source: str, index: tuple[int, ...], how: str) -> None:
        self._read, self._source, self._index, self._how = read, source, index, how
        self.value = HOW[how](read.trace, source, index)

    def _in(self, form: str) -> Reading:
        text = format_value(self._read.trace, self._read.locale, self.value, form)
        return Reading(text, self._source, self._index, self._how, form)

    def percent(self, digits: int = 0) -> Reading:
        return self._in(f"percent:{digits}")

    def decimal(self, digits: int = 2) -> Reading:
        return self._in(f"decimal:{digits}")

    def compact(self, digits: int = 2) -> Reading:
        """A weight in a narrow cell: .37"""
        return self._in(f"compact:{digits}")

    def integer(self) -> Reading:
        return self._in("integer")

    def id(self) -> Reading:
        """A token's id, as the field writes it: without separators."""
        return self._in("id")

    def rounded(self) -> Reading:
        """A large count as people say it: 6.9 million."""
        return self._in("rounded")

    def ordinal(self) -> Reading:
        """An index counted from one, as people do: index 2 is block 3."""
        return self._in("ordinal")

    def word(self) -> Reading:
        """A token id as its word in quotes, for speech and sentences."""
        return self._in("word")

    def which(self) -> Reading:
        """A place in the sentence as the word that stands there, told from others; see `focus.which`."""
        return self._in("which")

    def whole(self) -> Reading:
        """A place in the sentence as the word that the token there is only a piece of; else nothing."""
        return self._in("whole")

    def token(self) -> Reading:
        """A token id as its exact text with visible spaces, for boxes and labels."""
        return self._in("token")

    def name(self) -> Reading:
        return self._in("name")

    def quoted(self) -> Reading:
        """A text in quotes, for sentences."""
        return self._in("quoted")

    def beginning(self, words: int) -> Reading:
        """The first words of a text that is too long to be read."""
        return self._in(f"beginning:{words}")


@dataclass(frozen=True)
class Reader:
    """Reads values of a trace, to be told in a locale."""

    trace: Trace
    locale: Locale

    def __call__(self, source: str, *index: int, how: str = "at") -> Value:
        """Reads one value; `how` is a key of `HOW`, by default the element at `index`."""
        return Value(self, source, index, how)

    def __deepcopy__(self, _memo: object) -> Reader:
        return self

    def again(self, source: str, index: tuple[int, ...], how: str, form: str) -> str:
        """The text that a reading must have; raises `KeyError` or `IndexError` where there is none."""
        return format_value(self.trace, self.locale, HOW[how](self.trace, source, index), form)
