"""What a language has to say about numbers, marks and symbols."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from voiceover.languages.numbers import Numbers

__all__ = ["OwnRule", "Wording"]

OwnRule = tuple[str, str, str | Callable[[re.Match[str]], str]]
"""A rule of one language: a name, a pattern, and what it becomes."""


@dataclass(frozen=True)
class Wording:
    """One language's words. Texts come in its written form, with the decimal sign of `numbers`."""

    language: str  # ISO 639-1
    numbers: Numbers
    dot: str  # how the dots of a version such as 3.11.2 are said
    name_dot: str  # and the dot of .NET
    times: Callable[[int], str]  # 6 → "six times"
    minus: str
    percent: str
    to: str  # in a range, as in 3–5
    over: str  # in a fraction
    numbered: str  # the # of #5
    is_: str  # between a token and its id
    times_ten: str  # in 1.5e-05
    squared: str
    cubed: str
    power: str  # before an exponent
    root: str
    transposed: str
    space: str
    new_line: str
    tab: str
    marks: Mapping[str, str]  # a token that is only a mark is called by its name
    symbols: Mapping[str, str]
    unknown: Callable[[str], str]  # a symbol that no rule knows
    names: tuple[OwnRule, ...]  # names and short forms
    numerals: tuple[OwnRule, ...]  # numbers that stand for more than a count: dates, money, units
    joining: frozenset[str]  # words before which a caption may be cut
