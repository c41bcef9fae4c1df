"""What German numbers stand for: Uhrzeiten, Daten, Jahrzehnte, Ordnungszahlen."""

import re

from voiceover.languages.base import OwnRule
from voiceover.languages.dates import dates, month_names
from voiceover.languages.numbers import Numbers
from voiceover.languages.numerals import LEFT, YEAR, Currency, Sayings, amounts

__all__ = ["NUMBERS", "NUMERALS"]

NUMBERS = Numbers("de", "Komma")
_MONTHS = month_names("de")
_NAMES = {number: name.title() for name, number in reversed(_MONTHS.items())}
_MONTH = "|".join(name.title() for name in sorted(_MONTHS, key=len, reverse=True))
_DAY = r"0?[1-9]|[12]\d|3[01]"
# What stands before an ordinal decides its ending; a preposition before "der" or "die" does, too.
_CASES = "in|an|auf|bei|mit|nach|seit|von|vor|aus|zu|unter|über|während|wegen|gegenüber"
_DATIVE = (
    *("am", "im", "vom", "zum", "zur", "beim", "den", "dem", "des", "einem", "einer", "einen"),
    *("diesem", "diesen", "jedem", "jeden", "ihrem", "seinem"),
)
_NOMINATIVE = ("der", "die", "das", "dieser", "diese", "dieses", "jeder", "jede", "jedes")
_STRONG = ("mein", "dein", "sein", "ihr", "unser", "kein", "ein")  # after these it ends as without any
_WORDS = "|".join(f"{word}|{word.title()}" for word in (*_DATIVE, *_NOMINATIVE, *_STRONG))
_ARTICLE = rf"\b(?:(?:{_CASES}) )?(?:{_WORDS}) "
_BEFORE = rf"(?P<before>{_ARTICLE})"
# These are no years: the lesson's own ids (Token is respelled by then), and places in a list.
_NOT_AFTER = ("Tohken", "Tohkens", "Nummer", "Zeile", "Seite", "Platz", "Position")
_NO_YEAR = "".join(f"(?<!{before} )" for before in _NOT_AFTER)


def _ordinal(value: int, before: str | None) -> str:
    """ "dritte" after "der", "dritten" after "am" or "in der", "dritter" where no article stands."""
    said = NUMBERS.ordinal(value)
    words = (before or "").lower().split()
    if not words or words[-1] in _STRONG:
        return f"{said}r"
    return f"{said}n" if len(words) > 1 or words[0] in _DATIVE else said


def _date(year: int | None, month: int, day: int, before: str | None = None) -> str:
    said = f"{_ordinal(day, before)} {_NAMES[month]}"
    if year is not None and year < 100:  # of two digits
        return f"{said} {NUMBERS.number(f'{year:02}')}"
    return f"{said} {NUMBERS.year(year)}" if year else said


def _written_date(match: re.Match[str]) -> str:
    year = int(match["year"]) if match["year"] else None
    before = match["before"] or ""
    return before + _date(year, _MONTHS[match["month"].rstrip(".").lower()], int(match["day"]), before)


def _short_date(match: re.Match[str]) -> str:
    """ "am 8.5.", "am 8.5.1945" and "am 8.5.45"."""
    day, month = int(match["day"]), int(match["month"])
    if not (1 <= day <= 31 and 1 <= month <= 12):
        return match[0]
    return match["before"] + _date(int(match["year"]) if match["year"] else None, month, day, match["before"])


def _place(match: re.Match[str]) -> str:
    return match["before"] + _ordinal(int(match["place"]), match["before"])


def _clock(match: re.Match[str]) -> str:
    """ "10:05 Uhr" → "zehn Uhr fünf"."""
    hour, minute = _one(match["hour"], "Uhr"), match["minute"]
    said = f"{hour} Uhr" + (f" {NUMBERS.cardinal(int(minute))}" if minute and int(minute) else "")
    second = match["second"] if "second" in match.re.groupindex else None
    return said + (f" und {_one(second, 'Sekunde')} Sekunden" if second and int(second) else "")


def _one(written: str, noun: str) -> str:
    return _article(noun) if int(written) == 1 else NUMBERS.cardinal(int(written))


def _article(noun: str) -> str:
    return "eine" if noun.endswith(("e", "Million")) else "ein"


def _fraction(upper: int, lower: int) -> str:
    if lower == 2:
        return "ein halb"
    part = f"{NUMBERS.ordinal(lower)[:-1]}el".capitalize()
    return f"{_one(str(upper), part)} {part}"


def _mixed(whole: int, upper: int, lower: int) -> str:
    if lower == 2:
        return f"{_one(str(whole), '')}einhalb"
    return f"{NUMBERS.cardinal(whole)} {_fraction(upper, lower)}"


def _decade(match: re.Match[str]) -> str:
    """ "1920ern" → "neunzehnhundertzwanzigern", and so "68er" and "3er"."""
    value = int(match[1])
    return (NUMBERS.year if value > 1099 else NUMBERS.cardinal)(value) + match[2]


def _season(match: re.Match[str]) -> str:
    first, second = int(match[1]), match[2]
    if len(second) == 2:
        return f"{NUMBERS.year(first)} {NUMBERS.number(second)}"
    return f"{NUMBERS.year(first)} {NUMBERS.year(first + 1)}" if int(second) == first + 1 else match[0]


def _times(match: re.Match[str]) -> str:
    """ "9.30-11.00" → "9:30 bis 11:00"."""
    return re.sub(r"-| bis ", " bis ", match[0]).replace(".", ":")


_SAYINGS = Sayings(
    numbers=NUMBERS,
    plus="plus",
    to="bis",
    per="pro",
    times="mal",
    ratio="zu",
    months=_NAMES,
    date=_date,
    before=rf"(?:{_ARTICLE})?",
    numbered_dates=lambda first, second: (second, first) if second <= 12 else (first, second),
    fraction=_fraction,
    mixed=_mixed,
    article=_article,
    part_of="",
    currencies={
        "$": Currency("Dollar", "Dollar", "Cent", "Cent"),
        "€": Currency("Euro", "Euro", "Cent", "Cent"),
        "£": Currency("Pfund", "Pfund", "Penny", "Pence"),
        "¥": Currency("Yen", "Yen"),
        "₹": Currency("Rupie", "Rupien", "Paisa", "Paise"),
        "¢": Currency("Cent", "Cent"),
        "CHF": Currency("Schweizer Franken", "Schweizer Franken", "Rappen", "Rappen"),
    },
    and_cents=lambda whole, cents, _currency, _count: f"{whole} {cents}",
    scales={
        "k": ("Tausend", "Tausend"),
        "Tsd.": ("Tausend", "Tausend"),
        "M": ("Million", "Millionen"),
        "Mio.": ("Million", "Millionen"),
        "B": ("Milliarde", "Milliarden"),
        "Mrd.": ("Milliarde", "Milliarden"),
        "Bio.": ("Billion", "Billionen"),
    },
    counted=(
        "Menschen|Leuten?|Personen|Nutzern?|Kunden|Einwohnern?|Haushalten?|Tohkens?|Wörtern?|Beispielen?|Zeilen"
        "|Parametern?|Gewichten?|Modell(?:en?|s)?|Dollar|Euro|Pfund|Jahren?|Aufrufen?|Downloads|Büchern?|Seiten"
    ),
    about="als|etwa|fast|knapp|nur|rund|über|unter|ungefähr|hat|haben|mit|von",
    money_scales={},
    regions={"US": "US", "A": "australische", "C": "kanadische"},
)

NUMERALS: tuple[OwnRule, ...] = (
    (
        "day and month",
        rf"{_BEFORE}?{LEFT}(?P<day>{_DAY})\. ?(?P<month>{_MONTH})\b\.?(?: (?P<year>1\d{{3}}|{YEAR}))?(?!\w)",
        _written_date,
    ),
    (
        "date without a month's name",
        rf"{_BEFORE}(?P<day>\d\d?)\. ?(?P<month>\d\d?)\.(?P<year> ?\d{{4}}|\d\d)?(?!\d)",
        _short_date,
    ),
    (
        "times with dots",
        rf"{LEFT}\d\d?\.[0-5]\d(?:-| bis )\d\d?(?:[.:][0-5]\d)?(?=\s?Uhr\b)",
        _times,
    ),
    *dates(_SAYINGS),
    (
        "month and year",
        rf"\b({_MONTH})\.? ({YEAR})(?!\w)",
        lambda m: f"{_NAMES[_MONTHS[m[1].lower()]]} {NUMBERS.year(int(m[2]))}",
    ),
    (
        "Uhr",
        rf"{LEFT}(?P<hour>[01]?\d|2[0-4])(?:[:.](?P<minute>[0-5]\d))?\s?Uhr\b(?! \d)",
        _clock,
    ),
    (
        "clock",
        rf"{LEFT}(?P<hour>[01]?\d|2[0-4]):(?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d))?(?![\w:])",
        _clock,
    ),
    *amounts(_SAYINGS),
    ("decade", r"(?<![\w.,])(\d{1,4})(er[ns]?)\b", _decade),
    ("season", rf"{LEFT}({YEAR})/(\d\d|{YEAR})(?!\w)", _season),
    ("ordinal", rf"{_BEFORE}(?P<place>\d{{1,4}})\.(?=[\s,;:!?)]|$)", _place),
    (
        "century",
        r"(?P<before>)(?<![\w.,])(?P<place>\d{1,2})\.(?= ?(?:Jahrhundert|Jh\.|Jahrtausend))",
        lambda m: f"{NUMBERS.ordinal(int(m['place']))}s",
    ),
    ("year", rf"{_NO_YEAR}{LEFT}({YEAR})(?!\w|[.,:/-]\d|\s?%)", lambda m: NUMBERS.year(int(m[1]))),
)
