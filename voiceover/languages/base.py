"""What a language has to say about numbers, marks and symbols."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

__all__ = ["OwnRule", "Wording"]

OwnRule = tuple[str, str, str | Callable[[re.Match[str]], str]]
"""A rule of one language: a name, a pattern, and what it becomes."""


@dataclass(frozen=True)
class Wording:
    """One language's words. Texts come in its written form, so `decimal` and `thousands` say what is what."""

    language: str  # ISO 639-1
    decimal: str  # what stands between whole and fraction
    thousands: str  # and between thousands
    cardinal: Callable[[int], str]  # a whole number from 0 to 10¹⁵ − 1
    digits: Callable[[str], str]  # a number digit by digit
    point: str  # how `decimal` is said
    dot: str  # how the dots of a version such as 3.11.2 are said
    minus: str
    percent: str
    to: str  # in a range, as in 3–5
    over: str  # in a fraction
    numbered: str  # the # of #5
    times_ten: str  # in 1.5e-05
    squared: str
    cubed: str
    power: str  # before an exponent
    root: str
    transposed: str
    space: str
    new_line: str
    tab: str
    money: Callable[[str, str], str]  # sign, amount
    marks: Mapping[str, str]  # a token that is only a mark is called by its name
    symbols: Mapping[str, str]
    unknown: Callable[[str], str]  # a symbol that no rule knows
    names: tuple[OwnRule, ...]  # names and short forms
    numerals: tuple[OwnRule, ...]  # numbers in a form of their own
    joining: frozenset[str]  # words before which a caption may be cut

    def number(self, written: str) -> str:
        """Digits, perhaps with this language's decimal sign, in words: "0.37" → "zero point three seven".

        A number that starts with a needless 0 ("007") or is longer than 15 digits is read digit by digit.
        """
        whole, sign, fraction = written.partition(self.decimal)
        whole = whole or "0"
        by_digit = len(whole) > LONGEST or (len(whole) > 1 and whole[0] == "0")
        words = self.digits(whole) if by_digit else self.cardinal(int(whole))
        return f"{words} {self.point} {self.digits(fraction)}" if sign and fraction else words


LONGEST = 15
"""Digits of the longest number that is read as a number."""
