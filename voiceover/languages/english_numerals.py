"""What English numbers stand for: years and decades, times of day, dates, ordinals."""

import re

from voiceover.languages.base import OwnRule
from voiceover.languages.dates import dates, month_names
from voiceover.languages.numbers import Numbers
from voiceover.languages.numerals import LEFT, YEAR, Currency, Sayings, amounts

__all__ = ["NUMBERS", "NUMERALS"]

NUMBERS = Numbers("en", "point")
_MONTHS = month_names("en")
_NAMES = {number: name.title() for name, number in reversed(_MONTHS.items())}
_MONTH = "|".join(name.title() for name in sorted(_MONTHS, key=len, reverse=True))
_DAY = r"(0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?"
# These are no years: the lesson's own ids, and places in a list.
_NOT_AFTER = ("token", "tokens", "number", "id", "row", "line", "page", "position")
_NO_YEAR = "".join(f"(?<!(?i:{before}) )" for before in _NOT_AFTER)


def _date(year: int | None, month: int, day: int, _before: str) -> str:
    said = f"{_NAMES[month]} {NUMBERS.ordinal(day)}"
    if year is not None and year < 100:  # of two digits
        return f"{said}, {NUMBERS.number(f'{year:02}').replace('zero', 'oh')}"
    return f"{said}, {NUMBERS.year(year)}" if year else said


def _month_and_day(first: int, second: int) -> tuple[int, int]:
    """As in the United States, unless the calendar says otherwise."""
    return (first, second) if first <= 12 else (second, first)


def _denominator(number: int, many: bool) -> str:
    if number == 2:
        return "halves" if many else "half"
    name = "quarter" if number == 4 else NUMBERS.ordinal(number).removeprefix("one ")
    return f"{name}s" if many else name


def _fraction(upper: int, lower: int) -> str:
    return f"{NUMBERS.cardinal(upper)} {_denominator(lower, upper != 1)}"


def _mixed(whole: int, upper: int, lower: int) -> str:
    part = "a half" if (upper, lower) == (1, 2) else _fraction(upper, lower)
    return f"{NUMBERS.cardinal(whole)} and {part}"


def _and_cents(whole: str, cents: str, currency: Currency, count: int) -> str:
    return f"{whole} and {cents} {currency.cent if count == 1 else currency.cents}"


def _plural(word: str) -> str:
    return f"{word[:-1]}ies" if word.endswith("y") else f"{word}s"


def _decade(match: re.Match[str]) -> str:
    """ "1990s" → "nineteen nineties", "2000s" → "two thousands", "90s" → "nineties"."""
    century, tens = match[1] or "", int(match[2])
    if not century:
        return _plural(NUMBERS.cardinal(tens))
    if tens == 0:
        return _plural(NUMBERS.year(int(century) * 100))
    return f"{NUMBERS.cardinal(int(century))} {_plural(NUMBERS.cardinal(tens))}"


def _clock(match: re.Match[str]) -> str:
    """ "10:05" → "ten oh five", "10:00" → "ten o'clock", "14:00" → "fourteen hundred"."""
    hour, minute, half = int(match["hour"]), int(match["minute"]), match["half"]
    said = NUMBERS.cardinal(hour)
    if minute:
        said += f" {'oh ' if minute < 10 else ''}{NUMBERS.cardinal(minute)}"
    elif not half:
        said += " o'clock" if 0 < hour <= 12 else " hundred"
    if match["second"] and int(match["second"]):
        said += f" and {NUMBERS.cardinal(int(match['second']))} seconds"
    return said + _half(half)


def _hour(match: re.Match[str]) -> str:
    return NUMBERS.cardinal(int(match["hour"])) + _half(match["half"])


def _half(written: str | None) -> str:
    return f" {written[0].upper()} M" if written else ""


def _season(match: re.Match[str]) -> str:
    if len(match[2]) == 4:
        first, second = int(match[1]), int(match[2])
        return f"{NUMBERS.year(first)} to {NUMBERS.year(second)}" if second == first + 1 else match[0]
    return f"{NUMBERS.year(int(match[1]))} to {NUMBERS.number(match[2])}"


def _ordinal(match: re.Match[str]) -> str:
    return NUMBERS.ordinal(int(match[1].replace(",", "")))


_SAYINGS = Sayings(
    numbers=NUMBERS,
    plus="plus",
    to="to",
    per="per",
    times="times",
    ratio="to",
    months=_NAMES,
    date=_date,
    before="",
    numbered_dates=_month_and_day,
    fraction=_fraction,
    mixed=_mixed,
    article=lambda _noun: "one",
    part_of="of a",
    currencies={
        "$": Currency("dollar", "dollars", "cent", "cents"),
        "€": Currency("euro", "euros", "cent", "cents"),
        "£": Currency("pound", "pounds", "penny", "pence"),
        "¥": Currency("yen", "yen"),
        "₹": Currency("rupee", "rupees", "paisa", "paise"),
        "¢": Currency("cent", "cents"),
        "CHF": Currency("Swiss franc", "Swiss francs", "centime", "centimes"),
    },
    and_cents=_and_cents,
    scales={
        "k": ("thousand", "thousand"),
        "M": ("million", "million"),
        "B": ("billion", "billion"),
        "T": ("trillion", "trillion"),
        "mn": ("million", "million"),
        "bn": ("billion", "billion"),
    },
    counted=(
        "people|users|customers|followers|inhabitants|residents|households|tokens|words|documents|examples|rows"
        "|param(?:eter)?s?|weights|models?|dollars|euros|pounds|years|views|copies|downloads|books|pages"
    ),
    about="about|almost|approximately|around|nearly|of|only|over|roughly|than|under|has|have|with",
    money_scales={
        "m": ("million", "million"),
        "b": ("billion", "billion"),
        "tn": ("trillion", "trillion"),
    },
    regions={"US": "US", "A": "Australian", "C": "Canadian"},
)


def _named(month: str) -> str:
    return _NAMES[_MONTHS[month.lower()]]


def _in_year(year: str | None) -> str:
    return f", {NUMBERS.year(int(year))}" if year else ""


_HALF = r"(?P<half>[AaPp]\.?[Mm]\b\.?)(?!\w)"

NUMERALS: tuple[OwnRule, ...] = (
    *dates(_SAYINGS),
    (
        "day and month",
        rf"(?P<the>\bthe )?{LEFT}{_DAY} (?:of )?({_MONTH})\b\.?(?:,? ({YEAR}|1\d{{3}}))?(?!\w)",
        lambda m: f"the {NUMBERS.ordinal(int(m[2]))} of {_named(m[3])}{_in_year(m[4])}",
    ),
    (
        "month and day",
        rf"\b({_MONTH})\.? {_DAY}(?:,? ({YEAR}|1\d{{3}}))?(?![\w:%]|[.,:]\d)",
        lambda m: f"{_named(m[1])} {NUMBERS.ordinal(int(m[2]))}{_in_year(m[3])}",
    ),
    (
        "month and year",
        rf"\b({_MONTH})\.? ({YEAR})(?!\w)",
        lambda m: f"{_named(m[1])} {NUMBERS.year(int(m[2]))}",
    ),
    (
        "clock",
        rf"{LEFT}(?P<hour>[01]?\d|2[0-4]):(?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d))?(?:\s?{_HALF})?(?![\w:])",
        _clock,
    ),
    ("hour", rf"{LEFT}(?P<hour>[01]?\d)\s?{_HALF}", _hour),
    ("feet and inches", r"(?<![\w.,])(\d)'(\d\d?)(?!\w)", r"\1 foot \2"),
    ("decade", r"(?<![\w.,])'?(1\d|20)?(\d0)'?s\b", _decade),
    *amounts(_SAYINGS),
    ("season", rf"{LEFT}({YEAR})/(\d\d|{YEAR})(?!\w)", _season),
    ("ordinal", r"(?<![\w.,])(\d{1,3}(?:,\d{3}){0,4}|\d{1,15})(?i:st|nd|rd|th)\b", _ordinal),
    (
        "early year",
        r"\b([Ii]n|[Ss]ince|AD|circa|year) ((?!1024)10\d\d)(?!\w|[.,:/-]\d)",
        lambda m: f"{m[1]} {NUMBERS.year(int(m[2]))}",
    ),
    ("year", rf"{_NO_YEAR}{LEFT}({YEAR})(?!\w|[.,:/-]\d|\s?%)", lambda m: NUMBERS.year(int(m[1]))),
)
