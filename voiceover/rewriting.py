"""Rules that rewrite a text, and a text that still knows, after each of them, what it was made of.

Every character of a `Rewritten` text has its span in the written one: `37 %` becomes "thirty-seven percent",
and "percent" knows that it says the `%`. So captions, cues and word times need no second rewriting.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

__all__ = ["Rewriting", "Rewritten", "Span"]

Span = tuple[int, int]
"""First and last + 1 of the characters of a written text."""

_JOINERS = "\u00ad\u200c\u200d\u2060\ufeff"  # inside a word; they make no sound and are no gap


@dataclass(frozen=True)
class Rewriting:
    """One rewriting: each match of `pattern` becomes `to`, a template or a function of the match."""

    name: str
    pattern: re.Pattern[str]
    to: str | Callable[[re.Match[str]], str]

    def result(self, match: re.Match[str]) -> str:
        return match.expand(self.to) if isinstance(self.to, str) else self.to(match)


@dataclass(frozen=True)
class Rewritten:
    """A text and, for each of its characters, the span of the written text that it says."""

    text: str
    spans: tuple[Span, ...]

    @classmethod
    def of(cls, written: str) -> "Rewritten":
        """`written` itself, with composed letters (NFC), spaces for control characters and no joiners."""
        text, spans = list[str](), list[Span]()
        for word in re.finditer(r"\s+|\S+", written):
            composed = unicodedata.normalize("NFC", word[0])
            exact = len(composed) == len(word[0])
            for index, char in enumerate(composed):
                if char in _JOINERS:
                    continue
                silent = unicodedata.category(char)[0] == "C" and not char.isspace()
                text.append(" " if silent else char)
                first = word.start() + index
                spans.append((first, first + 1) if exact else word.span())
        return cls("".join(text), tuple(spans))

    def by(self, rules: Iterable[Rewriting]) -> "Rewritten":
        """The text after all `rules`, one after another, each over the whole text."""
        now = self
        for rule in rules:
            if matches := list(rule.pattern.finditer(now.text)):
                now = now._rewritten(rule, matches)
        return now

    def words(self) -> Iterator[tuple[str, Span]]:
        """The words without the punctuation around them, each with the span of what it says."""
        for found in re.finditer(r"\S+", self.text):
            if word := found[0].strip(_AROUND):
                first = found.start() + found[0].index(word)
                yield word, _union(self.spans[first : first + len(word)])

    def _rewritten(self, rule: Rewriting, matches: Iterable[re.Match[str]]) -> "Rewritten":
        text, spans, done = list[str](), list[Span](), 0
        for match in matches:
            first, last = match.span()
            text.append(self.text[done:first])
            spans += self.spans[done:first]
            done = last
            new = rule.result(match)
            text.append(new)
            spans += self._carried(first, last, new)
        text.append(self.text[done:])
        spans += self.spans[done:]
        return Rewritten("".join(text), tuple(spans))

    def _carried(self, first: int, last: int, new: str) -> list[Span]:
        """The spans of what stands for [first, last): equal ends keep theirs, the middle says the middle."""
        old = self.text[first:last]
        head = _alike(old, new)
        tail = _alike(old[head:][::-1], new[head:][::-1])
        middle = old[head : len(old) - tail]
        start = first + head + len(middle) - len(middle.lstrip())
        end = last - tail - len(middle) + len(middle.rstrip())
        whole = _union(self.spans[start:end] if start < end else self.spans[first:last])
        new_middle = [whole] * (len(new) - head - tail)
        return [*self.spans[first : first + head], *new_middle, *self.spans[last - tail : last]]


_AROUND = ".,;:!?'-"


def _alike(one: str, other: str) -> int:
    """How many characters two texts begin with in common."""
    count = 0
    while count < min(len(one), len(other)) and one[count] == other[count]:
        count += 1
    return count


def _union(spans: Iterable[Span]) -> Span:
    spans = list(spans)
    return min(first for first, _ in spans), max(last for _, last in spans)
