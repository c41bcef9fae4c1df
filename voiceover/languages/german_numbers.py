"""Numbers as German words: 8193 → "achttausendeinhundertdreiundneunzig"."""

__all__ = ["cardinal", "digit_by_digit"]

_UNITS = "null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf"
_TEENS = "dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn"
_SMALL = f"{_UNITS} {_TEENS}".split()
_TENS = ("", "zehn", "zwanzig", "dreißig", "vierzig", "fünfzig", "sechzig", "siebzig", "achtzig", "neunzig")
_SCALES = (
    (10**12, "eine Billion", "Billionen"),
    (10**9, "eine Milliarde", "Milliarden"),
    (10**6, "eine Million", "Millionen"),
)


def cardinal(value: int) -> str:
    """A whole number from 0 to 10¹⁵ − 1 in words: one word below a million (Duden, rule of compounds)."""
    parts = []
    for size, one, many in _SCALES:
        count, value = divmod(value, size)
        if count:
            parts.append(one if count == 1 else f"{_below_million(count)} {many}")
    if value or not parts:
        parts.append(_below_million(value))
    return " ".join(parts)


def digit_by_digit(digits: str) -> str:
    """ "374" → "drei sieben vier"."""
    return " ".join(_SMALL[int(digit)] for digit in digits)


def _below_million(value: int) -> str:
    thousands, rest = divmod(value, 1000)
    front = f"{_joined(_below_thousand(thousands))}tausend" if thousands else ""
    return front + (_below_thousand(rest) if rest or not thousands else "")


def _below_thousand(value: int) -> str:
    hundreds, rest = divmod(value, 100)
    front = f"{_joined(_SMALL[hundreds])}hundert" if hundreds else ""
    return front + (_below_hundred(rest) if rest or not hundreds else "")


def _below_hundred(value: int) -> str:
    if value < 20:
        return _SMALL[value]
    tens, ones = divmod(value, 10)
    return (f"{_joined(_SMALL[ones])}und" if ones else "") + _TENS[tens]


def _joined(words: str) -> str:
    """In front of another part, "eins" loses its s: einhundert, einundzwanzig."""
    return words.removesuffix("s") if words.endswith("eins") else words
