"""Telephone numbers, dates of digits alone and ranges, as languages share them; see `numerals`."""

import re
from datetime import date

from babel import Locale

from voiceover.languages.base import OwnRule
from voiceover.languages.numerals import LEFT, YEAR, Sayings

__all__ = ["dates", "month_names"]


def month_names(language: str) -> dict[str, int]:
    """Full and short names of the months, in lower case and without the dot of an abbreviation."""
    forms = Locale.parse(language).months["format"]
    return {
        str(forms[width][month]).rstrip(".").lower(): month
        for width in ("wide", "abbreviated")
        for month in range(1, 13)
    } | ({"sept": 9} if language == "en" else {})


def dates(s: Sayings) -> tuple[OwnRule, ...]:
    """Telephone numbers, dates of digits alone, and ranges: their marks would be taken for others."""
    return (_telephone(s), *_calendar_dates(s), *_ranges(s))


def _telephone(s: Sayings) -> OwnRule:
    def telephone(match: re.Match[str]) -> str:
        groups = ", ".join(s.numbers.digits(group) for group in re.findall(r"\d+", match[0]))
        return f"{s.plus} {groups}" if match[0].startswith("+") else groups

    return (
        "telephone",
        r"(?<![\w+.,-])(?<!\d )(?:\+\d{1,3}(?:[ \u00a0./()-]{0,2}\d){6,13}"
        r"|(?:1[-. ])?\(?\d{3}\)?[-. ]\d{3}[-. ]\d{4}"
        r"|\d{3}-\d{4}|\(0\d{1,5}\) ?\d{3,}|0\d{1,5}[ /-]\d{3,}(?:[ -]\d+)*)(?![\w-]|[.,]\d)",
        telephone,
    )


def _calendar_dates(s: Sayings) -> tuple[OwnRule, ...]:
    def calendar(match: re.Match[str]) -> str:
        said = _date(s, match, match["year"], int(match["month"]), int(match["day"]))
        return f"{said}{' ' if match['time'] else ''}" if said else match[0]

    def numbered(match: re.Match[str]) -> str:
        first, second = int(match["first"]), int(match["second"])
        month, day = (second, first) if match["mark"] == "." else s.numbered_dates(first, second)
        if match["mark"] == "." and len(match["year"]) == 2 and _is_a_version(s, match):
            return match[0]
        return _date(s, match, match["year"], month, day) or match[0]

    def month_of_year(match: re.Match[str]) -> str:
        """Not of "2004-05": these are two years."""
        if int(match[1]) % 100 < int(match[2]):
            return match[0]
        return f"{s.months[int(match[2])]} {s.numbers.year(int(match[1]))}"

    before = rf"(?P<before>{s.before})"
    return (
        (
            "calendar date",
            rf"{before}(?<![\w.,-])(?P<year>\d{{4}})(?P<mark>[-/])(?P<month>\d\d?)(?P=mark)(?P<day>\d\d?)"
            r"(?P<time>T(?=\d)|(?![\w/-]))",
            calendar,
        ),
        (
            "numbered date",
            rf"{before}{LEFT}(?P<first>\d\d?)(?P<mark>[./])(?P<second>\d\d?)(?P=mark)(?P<year>\d{{4}}|\d\d)"
            r"(?![\w/]|[.]\d)",
            numbered,
        ),
        ("month of a year", rf"(?<![\w.,-])({YEAR})-(0[1-9]|1[0-2])(?![\w-]|[.,:/]\d)", month_of_year),
    )


def _is_a_version(s: Sayings, match: re.Match[str]) -> bool:
    """Whether "3.11.12" is one: always where the dot is a decimal sign, else after a name ("Python")."""
    before = match.string[max(0, match.start() - 30) : match.start()]
    return s.numbers.decimal == "." or re.search(r"\b[A-ZÄÖÜ]\w* $", before) is not None


def _date(s: Sayings, match: re.Match[str], written: str, month: int, day: int) -> str:
    """Empty when the calendar has no such day; a year of two digits is said as that."""
    year = int(written)
    try:
        date(year if len(written) == 4 else 2000 + year, month, day)
    except ValueError:
        return ""
    return match["before"] + s.date(year, month, day, match["before"])


def _ranges(s: Sayings) -> tuple[OwnRule, ...]:
    point, comma = re.escape(s.numbers.decimal), re.escape(s.numbers.thousands)
    number = rf"((?:\d{{1,3}}(?:{comma}\d{{3}})+|\d{{1,4}})(?:{point}\d+)?)"

    def hyphen(match: re.Match[str]) -> str:
        first, last = (_value(s, match[group]) for group in (1, 2))
        short = re.fullmatch(r"\d{4}-\d\d", match[0])  # 1939-45
        return f"{match[1]} {s.to} {match[2]}" if first < last or short else match[0]

    return (
        (
            "range by hyphen",
            rf"(?<![\w.,-]){number}-{number}(?=[^\W\d_]{{0,3}}(?![\w-]|[.,:/]\d))",
            hyphen,
        ),
        (
            "range of times",
            r"(?<![\w.,:-])(\d\d?(?::[0-5]\d)?(?:\s?[ap]\.?m\.?)?)-(?=\d\d?(?::[0-5]\d|\s?[ap]\.?m))",
            rf"\1 {s.to} ",
        ),
    )


def _value(s: Sayings, written: str) -> float:
    return float(written.replace(s.numbers.thousands, "").replace(s.numbers.decimal, "."))
