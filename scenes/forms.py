"""The forms that a value can have as text in a locale: `FORM["percent"](trace, locale, 0.374, 1)` → "37.4%".

Separators, percentages and large counts are written as Unicode's CLDR has it for the language, by Babel;
ours are a true minus sign, no negative zero, the short form in a matrix's cells, and how many digits a
number has: two at least that count, however small it is, and none that mean nothing, however large.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from copy import copy
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

import numpy as np
from babel.numbers import format_compact_decimal, get_decimal_symbol

from llmtrace.trace import Trace
from llmtrace.visible import visible
from scenes.locale import Locale

LETTERS_A_WORD = 7  # of a long one, with its space
# A word or a number, in the scripts from Latin to Arabic, which put spaces between words.
_SPACED = re.compile(r"[^\W_\u0700-\u1dff\u2000-\U0010ffff]+")
_LEAST = 2  # digits that count, of a small number
_BEFORE = 3  # digits before the point; of more, each takes one from behind it
_EXACT = 7  # digits of a float32
_PLACES = 5  # after the point: what is nothing in so many is as small as the rounding of sums


def format_value(trace: Trace, locale: Locale, value: Any, form: str) -> str:
    """A value in a form such as "percent:1"; raises `KeyError` when there is none of this name."""
    kind, _, digits = form.partition(":")
    return FORM[kind](trace, locale, value, int(digits or 0))


def _decimal(_trace: Trace, locale: Locale, value: Any, digits: int) -> str:
    if not np.isfinite(value):
        return "−∞" if value == -np.inf else str(value).replace("inf", "∞")
    return _fixed(locale, *_rounded_to(value, digits))


def _fixed(locale: Locale, value: Any, digits: int) -> str:
    return _written(locale, locale.babel.decimal_formats[None], Decimal(value), digits)


def as_written(value: float | Decimal, digits: int) -> Decimal:
    """The finite number that `decimal:digits` shows, as exact as it is shown."""
    kept, places = _rounded_to(value, digits)
    return kept.quantize(Decimal(1).scaleb(-places), ROUND_HALF_EVEN) + 0  # no −0


def _rounded_to(value: float | Decimal, digits: int) -> tuple[Decimal, int]:
    """A number, and in how many digits after the point it is written: `digits`, or fewer or more by its size.

    One that those show as it is, such as a temperature of 0.5, has no more.
    """
    exact, size = Decimal(value), abs(float(value))
    if not size:
        return exact, digits
    first: int = Decimal(f"{size:.{_LEAST - 1}e}").adjusted()  # the place of its first digit: 2 of 345
    if first >= _EXACT:
        return Decimal(f"{value:.{_EXACT - 1}e}"), 0
    if (places := _LEAST - 1 - first) > digits:
        shown = round(size, digits) == size or size < 0.5 * 10**-_PLACES
        return exact, digits if shown else min(places, _PLACES)
    return exact, max(0, digits - max(0, first + 1 - _BEFORE))


def _percent(_trace: Trace, locale: Locale, value: Any, digits: int) -> str:
    pattern, share = locale.babel.percent_formats[None], Decimal(value * 100.0).scaleb(-2)
    least = Decimal(1).scaleb(-digits - 2)  # one of the last digit
    if 0 < share <= least / 2:
        return f"<{_written(locale, pattern, least, digits)}"
    return _written(locale, pattern, share, digits)


def _written(locale: Locale, pattern: Any, value: Decimal, digits: int) -> str:
    """A number in one of CLDR's patterns, with so many digits after the point."""
    pattern = copy(pattern)
    pattern.frac_prec = digits, digits
    text: str = pattern.apply(value, locale.babel)
    zero: str = pattern.apply(Decimal(0), locale.babel)
    return zero if text == f"-{zero}" else text.replace("-", "−")


def _compact(_trace: Trace, locale: Locale, value: Any, digits: int) -> str:
    text, point = _fixed(locale, value, digits), get_decimal_symbol(locale.babel)
    if text.startswith(f"1{point}"):
        return text[: max(3, digits + 1)]
    return text.replace(f"0{point}", point, 1) if text.startswith((f"0{point}", f"−0{point}")) else text


def _token(trace: Trace, _locale: Locale, value: Any, _digits: int) -> str:
    content = trace.token_bytes(int(value))
    return f"#{value}" if content is None else visible(content)


def _word(trace: Trace, locale: Locale, value: Any, _digits: int) -> str:
    content = trace.token_bytes(int(value))
    if content is None:
        return locale.numbered(value)
    text = content.decode(errors="replace").strip(" ")
    if (name := locale.named(text)) is not None:
        return name
    plain = text.isprintable() and "\N{REPLACEMENT CHARACTER}" not in text
    return locale.quoted(text if plain else visible(content))


_LONGEST_WHOLE = 24  # letters of a word that a sentence names with its piece


def _which(trace: Trace, locale: Locale, value: Any, _digits: int) -> str:
    words = [_word(trace, locale, int(token), 0) for token in trace["tokens"]]
    word: str = words[value]
    if words.count(word) > 1:
        return locale.label("which", word=word, place=_fixed(locale, value + 1, 0))
    if 0 < len(whole := _whole(trace, locale, value, 0)) <= _LONGEST_WHOLE:
        return locale.label("piece", word=word, whole=locale.quoted(whole))
    return word


def _whole(trace: Trace, _locale: Locale, value: Any, _digits: int) -> str:
    """The word that a token is a piece of, in a script that has spaces between words; nothing otherwise."""
    pieces = [trace.token_bytes(int(token)) or b"" for token in trace["tokens"]]
    try:
        before, own = (part.decode() for part in (b"".join(pieces[:value]), pieces[value]))
        text = before + own + b"".join(pieces[value + 1 :]).decode()
    except UnicodeDecodeError:  # a token of a part of a letter
        return ""
    start, end = len(before) + len(own) - len(own.lstrip()), len(before + own.rstrip())
    for word in _SPACED.finditer(text):
        if word.start() <= start < end <= word.end() and word[0] != text[start:end]:
            return word[0]
    return ""


def _rounded(_trace: Trace, locale: Locale, value: Any, _digits: int) -> str:
    """To three digits, one of them behind the point, as people say it: 6.9 million, 124 million, 1 billion.

    What is not written is not counted either: 1.04 million is one million, in German "1 Million".
    """
    size = len(str(value))
    short = round(value, min(0, (2 if size % 3 == 1 else 3) - size))
    return str(format_compact_decimal(short, format_type="long", locale=locale.babel, fraction_digits=1))


def _beginning(_trace: Trace, _locale: Locale, value: Any, words: int) -> str:
    """The first words of a text; of one in a script without spaces, as many characters as those would be."""
    text, longest = " ".join(str(value).split()[:words]), words * LETTERS_A_WORD
    if len(text) <= longest:
        return text
    return text[: longest + 1].rpartition(" ")[0] or text[:longest]


FORM: dict[str, Callable[[Trace, Locale, Any, int], str]] = {
    "percent": _percent,
    "decimal": _decimal,
    "compact": _compact,
    "id": lambda _t, _l, value, _d: str(int(value)),
    "integer": lambda _t, locale, value, _d: _fixed(locale, int(value), 0),
    "rounded": _rounded,
    "ordinal": lambda _t, locale, value, _d: _fixed(locale, int(value) + 1, 0),
    "word": _word,
    "which": _which,
    "whole": _whole,
    "token": _token,
    "beginning": _beginning,
    "name": lambda _t, _l, value, _d: " ".join(str(value).split()),
    "quoted": lambda _t, locale, value, _d: locale.quoted(" ".join(str(value).split())),
}
