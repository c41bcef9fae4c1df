"""Numbers as a language writes and says them: forms from Babel's CLDR, words from num2words.

Both packages' words are taken as they are but for two things: an American says no "and" in a number, and
num2words writes "einhunderteinstausend" for 101.000 (Duden: einhunderteintausend).
"""

from dataclasses import dataclass
from functools import cached_property

from babel.numbers import get_decimal_symbol, get_group_symbol
from num2words import num2words

__all__ = ["LONGEST", "Numbers"]

LONGEST = 15
"""Digits of the longest number that is read as a number."""


@dataclass(frozen=True)
class Numbers:
    """The numbers of one language; `point`: how its decimal sign is said."""

    language: str  # ISO 639-1
    point: str

    @cached_property
    def decimal(self) -> str:
        """What stands between whole and fraction."""
        return get_decimal_symbol(self.language)

    @cached_property
    def thousands(self) -> str:
        """What stands between thousands."""
        return get_group_symbol(self.language)

    def cardinal(self, value: int) -> str:
        """A whole number from 0 to 10¹⁵ − 1 in words: 8193 → "eight thousand one hundred ninety-three"."""
        return self._words(value, "cardinal")

    def ordinal(self, value: int) -> str:
        """A whole number's place: 3 → "third"; in German the form that follows "der": "dritte"."""
        return self._words(value, "ordinal")

    def year(self, value: int) -> str:
        """A year: 1945 → "nineteen forty-five", "neunzehnhundertfünfundvierzig"."""
        return self._words(value, "year")

    def digits(self, digits: str) -> str:
        """Digits, of any script, one by one: "374" → "three seven four"."""
        return " ".join(self.cardinal(int(digit)) for digit in digits)

    def number(self, written: str) -> str:
        """A number as this language writes it, in words: "1,000.37" → "one thousand point three seven".

        A number that starts with a needless 0 ("007") or is longer than `LONGEST` digits is read digit by
        digit.
        """
        whole, sign, fraction = written.replace(self.thousands, "").partition(self.decimal)
        whole = whole or "0"
        by_digit = len(whole) > LONGEST or (len(whole) > 1 and whole[0] == "0")
        words = self.digits(whole) if by_digit else self.cardinal(int(whole))
        return f"{words} {self.point} {self.digits(fraction)}" if sign and fraction else words

    def _words(self, value: int, kind: str) -> str:
        words = str(num2words(value, lang=self.language, to=kind))
        if self.language == "en":
            words = words.replace(" and ", " ").replace(",", "")
        return words.replace("einstausend", "eintausend")
