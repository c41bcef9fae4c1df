"""Numbers that stand for more than a count: the forms that languages share, with each one's words.

A rule here turns its whole match into words, so that no later rule reads its digits again. It leaves a match
that only looks like its form (the 31st of February, a score of 3-1) as it is.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from babel.units import format_unit

from voiceover.languages.base import OwnRule
from voiceover.languages.numbers import Numbers

__all__ = ["LEFT", "YEAR", "Currency", "Sayings", "amounts", "pattern_of"]

LEFT = r"(?<![\w.,:/])"
"""No number goes on to the left."""
YEAR = r"(?:1[1-9]\d\d|20\d\d)"
"""A bare number that is read as a year."""
_SIGNS = "$€£¥₹¢"
_CODES = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "INR": "₹", "CHF": "CHF"}
_UNITS = {
    **{"km": "length-kilometer", "m": "length-meter", "cm": "length-centimeter", "mm": "length-millimeter"},
    **{"µm": "length-micrometer", "μm": "length-micrometer", "nm": "length-nanometer", "mi": "length-mile"},
    **{"ft": "length-foot", "yd": "length-yard", "kg": "mass-kilogram", "g": "mass-gram", "t": "mass-tonne"},
    **{"mg": "mass-milligram", "lb": "mass-pound", "lbs": "mass-pound", "oz": "mass-ounce"},
    **{"l": "volume-liter", "L": "volume-liter", "ml": "volume-milliliter", "mL": "volume-milliliter"},
    **{"m²": "area-square-meter", "km²": "area-square-kilometer", "cm²": "area-square-centimeter"},
    **{"m³": "volume-cubic-meter", "cm³": "volume-cubic-centimeter", "qm": "area-square-meter"},
    **{"ha": "area-hectare", "°C": "temperature-celsius", "°F": "temperature-fahrenheit"},
    **{"km/h": "speed-kilometer-per-hour", "m/s": "speed-meter-per-second", "mph": "speed-mile-per-hour"},
    **{"m/s²": "acceleration-meter-per-square-second"},
    **{"s": "duration-second", "ms": "duration-millisecond", "µs": "duration-microsecond"},
    **{"ns": "duration-nanosecond", "min": "duration-minute", "h": "duration-hour", "Hz": "frequency-hertz"},
    **{"kHz": "frequency-kilohertz", "MHz": "frequency-megahertz", "GHz": "frequency-gigahertz"},
    **{"kB": "digital-kilobyte", "KB": "digital-kilobyte", "MB": "digital-megabyte", "W": "power-watt"},
    **{"GB": "digital-gigabyte", "TB": "digital-terabyte", "kW": "power-kilowatt", "MW": "power-megawatt"},
    **{"kWh": "energy-kilowatt-hour", "V": "electric-volt", "mA": "electric-milliampere"},
    **{"kcal": "energy-kilocalorie", "hPa": "pressure-hectopascal", "px": "graphics-pixel"},
}
"""The unit that a sign stands for, by its name in CLDR."""


@dataclass(frozen=True)
class Currency:
    one: str
    many: str
    cent: str = ""
    cents: str = ""


@dataclass(frozen=True)
class Sayings:
    """How a language says what numbers stand for; words go in, words come out."""

    numbers: Numbers
    plus: str  # before a telephone number
    to: str  # of a range
    per: str  # between two units
    times: str  # of 3x
    ratio: str  # between the sides of 16:9
    months: Mapping[int, str]  # 5 → "May"
    date: Callable[[int | None, int, int, str], str]  # year (45: of 5/8/45), month, day, what `before` found
    before: str  # a pattern of the words that decide how a date after them ends
    numbered_dates: Callable[[int, int], tuple[int, int]]  # the two numbers of 5/8/1945 → month, day
    fraction: Callable[[int, int], str]  # numerator, denominator
    mixed: Callable[[int, int, int], str]  # whole, numerator, denominator
    article: Callable[[str], str]  # "one" before this noun
    part_of: str  # between a fraction and its unit
    currencies: Mapping[str, Currency]  # by sign
    and_cents: Callable[[str, str, Currency, int], str]  # "five dollars", "ten", its currency, 10
    scales: Mapping[str, tuple[str, str]]  # sign → one and many of it
    counted: str  # a pattern of what 4B counts where a word stands before it ("apartment 4B" counts nothing)
    about: str  # and of the words before it after which it is a count
    money_scales: Mapping[str, tuple[str, str]]  # signs that stand for it after an amount only
    regions: Mapping[str, str]  # US of US$ → how it is said


def pattern_of(numbers: Numbers) -> str:
    """A number as the language writes it."""
    point, comma = re.escape(numbers.decimal), re.escape(numbers.thousands)
    return rf"(?:\d{{1,3}}(?:{comma}\d{{3}})+|\d+)(?:{point}\d+)?"


def amounts(s: Sayings) -> tuple[OwnRule, ...]:
    """Money, ranges, fractions, quantities, ratios."""
    number, n = pattern_of(s.numbers), s.numbers
    units = "|".join(sorted(map(re.escape, _UNITS), key=len, reverse=True))
    short, attached = (
        "|".join(re.escape(sign) for sign in s.scales if sign.endswith(".") == dotted) or "(?!)"
        for dotted in (True, False)
    )

    return (
        *_money_rules(s, number),
        (
            "quantity",
            rf"{LEFT}({number}|(?:\d+[ -])?\d+/\d+)[\s\u00a0]?({units})(?:/({units}))?(?![\w²³^/'°])",
            lambda m: _quantity(s, m[1], _UNITS[m[2]], _UNITS.get(m[3] or "")),
        ),
        (
            "common fraction",
            r"(?<![\w.,/])(?:\d+[ -])?\d+/\d+(?![\w/]|[.,]\d)",
            lambda m: _fraction(s, m[0]) or m[0],
        ),
        (
            "scaled",
            rf"{LEFT}({number})(?:({attached})(?!\w)|\s?({short}))",
            lambda m: m[0] if _is_a_name(s, m) else _scaled(s, m[1], m[2] or m[3]),
        ),
        (
            "times",
            rf"{LEFT}({number})(?:x(?!\w)| ?x ?(?=\d))",
            lambda m: f"{s.article('') if m[1] == '1' else m[1]} {s.times} ",
        ),
        (
            "ratio",
            r"(?<![\w:.,])(\d{1,4}):(\d{1,4})(?![\w:]|[.,]\d)",
            lambda m: f"{n.cardinal(int(m[1]))} {s.ratio} {n.cardinal(int(m[2]))}",
        ),
    )


def _money_rules(s: Sayings, number: str) -> tuple[OwnRule, ...]:
    amount = r"\d+(?:[.,]\d{3})*(?:[.,]\d+)?"  # with the marks of any language
    signs = {**s.scales, **s.money_scales}
    scales = "|".join(sorted(map(re.escape, signs), key=len, reverse=True))
    regions = "|".join(s.regions)
    named = "|".join({name for one in s.currencies.values() for name in (one.one, one.many)})
    words = "|".join(dict.fromkeys(word for pair in s.scales.values() for word in pair))
    scale = rf"(?:[ \u00a0]?(?P<scale>{scales}|{words})(?!\w))?"
    codes = "|".join(_CODES)

    def money(match: re.Match[str]) -> str:
        parts = match.groupdict()
        region = f"{s.regions[parts['region']]} " if parts.get("region") else ""
        return _money(s, parts["amount"], _CODES.get(parts["sign"], parts["sign"]), parts["scale"], region)

    def money_range(match: re.Match[str]) -> str:
        first, last, scale = s.numbers.number(match[2]), match[3], match["scale"]
        said = _scaled(s, last, scale) if scale else s.numbers.number(last)
        return f"{first} {s.to} {said} {s.currencies[match[1]].many}"

    return (
        (
            "money range",
            rf"(?<!\w)([$€£¥₹])({number})(?:-| {s.to} )({number}){scale}(?!\w|[.,]\d)",
            money_range,
        ),
        (
            "money",
            rf"(?<!\w)(?:(?P<region>{regions})(?=\$))?(?P<sign>[{_SIGNS}]|(?:{codes})(?=\s?\d))\s?"
            rf"(?P<amount>{amount}){scale}(?(scale)(?:\s(?:{named})\b)?)",
            money,
        ),
        (
            "money by sign",
            rf"{LEFT}(?P<amount>{amount}(?:,[-–]{{1,2}})?){scale}\s?(?P<sign>[{_SIGNS}]|(?:{codes})\b)",
            money,
        ),
        _money_in_words(s),
    )


def _money_in_words(s: Sayings) -> OwnRule:
    """ "49.95 dollars", said as "$49.95"; "2 dollars" needs no rule, and pounds of something are a weight."""
    signs = {name.lower(): sign for sign, c in s.currencies.items() for name in (c.one, c.many)}
    pounds, regions = s.currencies["£"], "|".join(s.regions.values())
    weight = rf"(?:{pounds.one}|{pounds.many}) (?:of\b|(?!Sterling)[A-ZÄÖÜ])"

    def money(match: re.Match[str]) -> str:
        region = f"{match['region']} " if match["region"] else ""
        return _money(s, match["amount"], signs[match["name"].lower()], None, region)

    return (
        "money in words",
        rf"{LEFT}(?P<amount>\d+(?:[.,]\d{{3}})*[.,]\d\d(?!\s{weight})|1)\s(?:(?P<region>{regions})[ -])?"
        rf"(?P<name>(?i:{'|'.join(signs)}))(?!\w)",
        money,
    )


def _money(s: Sayings, amount: str, sign: str, scale: str | None, region: str) -> str:
    currency = s.currencies[sign]
    if scale:
        return f"{_scaled(s, amount, scale)} {region}{currency.many}"
    written = re.fullmatch(r"(?P<whole>\d[\d.,]*?)(?:[.,](?P<cents>\d\d|[-–]{1,2}))?", amount)
    if not currency.cent or written is None or written["cents"] is None:
        return _count(s, amount, currency.one, currency.many, region)
    whole = re.sub(r"\D", "", written["whole"])
    cents = int(written["cents"]) if written["cents"].isdigit() else 0
    said = _count(s, whole, currency.one, currency.many, region)
    if not cents:
        return said
    if int(whole) == 0:
        return _count(s, str(cents), currency.cent, currency.cents)
    return s.and_cents(said, s.numbers.cardinal(cents), currency, cents)


def _count(s: Sayings, written: str, one: str, many: str, before: str = "") -> str:
    """A number and its noun."""
    if written == "1":
        return f"{s.article(one)} {before}{one}"
    return f"{s.numbers.number(written)} {before}{many}"


def _scaled(s: Sayings, written: str, scale: str) -> str:
    """ "1.5", "M" → "one point five million"; the sign of a scale, or its name."""
    one, many = {**s.scales, **s.money_scales}.get(scale, (scale, scale))
    if written == "1":
        return f"{s.article(one)} {one}"
    return f"{s.numbers.number(written)} {many}"


def _is_a_name(s: Sayings, match: re.Match[str]) -> bool:
    """Whether the letter of "4B" is a door's or a size's: a word stands before, and nothing is counted."""
    before = match.string[max(0, match.start() - 30) : match.start()]
    after = match.string[match.end() : match.end() + 30]
    return (
        match[2] in ("B", "M", "T")
        and s.numbers.decimal not in match[1]
        and re.search(r"[^\W\d_]\s$", before) is not None
        and not re.search(rf"\b(?i:{s.about}|{s.to})\s$", before)
        and not re.match(rf"[\s-](?:{s.counted})\b", after)
    )


def _fraction(s: Sayings, written: str) -> str:
    """ "3/4" or "1 1/2" in words; empty when it is not said as a fraction ("22/7")."""
    *whole, part = re.split("[ -]", written)
    upper, lower = map(int, part.split("/"))
    if upper == lower and not whole:
        return " ".join([s.numbers.cardinal(upper)] * 2)  # as in 50/50
    if not (0 < upper < 100 and (2 <= lower <= 100 or lower == 1000) and upper < lower):
        return ""
    return s.mixed(int(whole[0]), upper, lower) if whole else s.fraction(upper, lower)


def _quantity(s: Sayings, written: str, unit: str, each: str | None) -> str:
    one, many = (_unit_name(unit, count, s.numbers.language) for count in (1, 2))
    if each:
        per = f" {s.per} {_unit_name(each, 1, s.numbers.language)}"
        one, many = one + per, many + per
    if "/" not in written:
        return _count(s, written, one, many)
    said = _fraction(s, written)
    if not said:
        return f"{written} {many}"
    return f"{said} {many}" if re.search("[ -]", written) or not s.part_of else f"{said} {s.part_of} {one}"


def _unit_name(unit: str, count: int, language: str) -> str:
    """ "length-kilometer" → "kilometers"."""
    written = format_unit(count, unit, "long", format="0", locale=language)
    return written.partition(str(count))[2].replace("\u00a0", " ").strip()
