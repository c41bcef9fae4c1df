"""What a prompt's own numbers stand for, by the name of the rule that says them, in both languages."""

import random
import re

import pytest

from voiceover.languages import WORDINGS
from voiceover.rules import RULES
from voiceover.spoken import spoken

Cases = dict[str, list[tuple[str, str]]]

ENGLISH: Cases = {
    "telephone": [
        ("call 555-1234 now", "call five five five, one two three four now"),
        ("(555) 123-4567", "five five five, one two three, four five six seven"),
        ("+49 30 1234567", "plus four nine, three zero, one two three four five six seven"),
        ("1-800-555-0199", "one, eight zero zero, five five five, zero one nine nine"),
        ("030/1234567", "zero three zero, one two three four five six seven"),
    ],
    "calendar date": [
        ("on 1945-05-08 it", "on May eighth, nineteen forty-five it"),
        ("2024-02-29T10:30", "February twenty-ninth, twenty twenty-four ten thirty"),
        ("2021/04/03", "April third, twenty twenty-one"),
        ("1945-05-08.", "May eighth, nineteen forty-five."),
    ],
    "numbered date": [
        ("5/8/1945", "May eighth, nineteen forty-five"),
        ("31/12/1999", "December thirty-first, nineteen ninety-nine"),
        ("8.5.1945", "May eighth, nineteen forty-five"),
    ],
    "range by hyphen": [
        ("pages 10-20", "pages ten to twenty"),
        ("1914-1918", "nineteen fourteen to nineteen eighteen"),
        ("1939-45", "nineteen thirty-nine to forty-five"),
        ("3-1", "three one"),
    ],
    "range of times": [
        ("10:00-11:30, 9am-5pm", "ten o'clock to eleven thirty, nine A M to five P M"),
    ],
    "day and month": [
        ("8 May 1945", "the eighth of May, nineteen forty-five"),
        ("the 3rd of May", "the third of May"),
        ("on 4 July, 1776 they", "on the fourth of July, seventeen seventy-six they"),
    ],
    "month and day": [
        ("May 8, 1945, was", "May eighth, nineteen forty-five, was"),
        ("Dec. 25 came", "December twenty-fifth came"),
        ("Sept 11th", "September eleventh"),
    ],
    "month and year": [
        ("in Jan. 1945", "in January nineteen forty-five"),
        ("May 2024", "May twenty twenty-four"),
    ],
    "clock": [
        ("at 10:30", "at ten thirty"),
        ("10:05 a.m. sharp", "ten oh five A M sharp"),
        ("10:00", "ten o'clock"),
        ("14:00", "fourteen hundred"),
        ("10:30:15", "ten thirty and fifteen seconds"),
    ],
    "hour": [("3 p.m. today", "three P M today"), ("at 3pm", "at three P M"), ("12 AM", "twelve A M")],
    "feet and inches": [("5'10\"", "five foot ten")],
    "decade": [
        ("the 1990s", "the nineteen nineties"),
        ("the '60s and 70s", "the sixties and seventies"),
        ("2010s", "twenty tens"),
        ("1900s and 2000s", "nineteen hundreds and two thousands"),
        ("mid-1980's", "mid-nineteen eighties"),
    ],
    "money range": [("$5-10", "five to ten dollars"), ("$5–10", "five to ten dollars")],
    "money": [
        ("$49.95", "forty-nine dollars and ninety-five cents"),
        ("$5 or $1", "five dollars or one dollar"),
        ("-$5", "minus five dollars"),
        ("$0.99", "ninety-nine cents"),
        ("£1.01", "one pound and one penny"),
        (
            "$1,234,567.89",
            "one million two hundred thirty-four thousand five hundred sixty-seven dollars"
            " and eighty-nine cents",
        ),
        ("US$5", "five US dollars"),
        ("$1.5 million", "one point five million dollars"),
        ("$3.2B", "three point two billion dollars"),
        ("£3m and $1tn", "three million pounds and one trillion dollars"),
        ("$2 million dollars", "two million dollars"),
        ("A$5", "five Australian dollars"),
        ("¥500", "five hundred yen"),
        ("EUR 5", "five euros"),
    ],
    "money by sign": [
        ("5 €", "five euros"),
        ("49.95 €", "forty-nine euros and ninety-five cents"),
        ("50¢", "fifty cents"),
        ("12 CHF", "twelve Swiss francs"),
    ],
    "quantity": [
        ("5 km", "five kilometers"),
        ("1 kg", "one kilogram"),
        ("70kg", "seventy kilograms"),
        ("-5 °C", "minus five degrees Celsius"),
        ("100 km/h", "one hundred kilometers per hour"),
        ("10 m²", "ten square meters"),
        ("2.4 GHz", "two point four gigahertz"),
        ("3/4 km", "three quarters of a kilometer"),
        ("1½ l", "one and a half liters"),
        ("5 km/s", "five kilometers per second"),
        ("9.8 m/s²", "nine point eight meters per second squared"),
        ("5 steps", "five steps"),
    ],
    "common fraction": [
        ("1/2", "one half"),
        ("3/4", "three quarters"),
        ("1/8", "one eighth"),
        ("2/3 of it", "two thirds of it"),
        ("21/100", "twenty-one hundredths"),
        ("1 1/2", "one and a half"),
        ("2¾", "two and three quarters"),
        ("1-1/2", "one and a half"),
        ("50/50", "fifty fifty"),
        ("22/7", "twenty-two over seven"),
    ],
    "scaled": [("10k", "ten thousand"), ("7B", "seven billion"), ("1.5M", "one point five million")],
    "times": [
        ("3x faster", "three times faster"),
        ("5 x 3 and 2x2", "five times three and two times two"),
        ("v3x", "v three x"),
    ],
    "ratio": [("16:9", "sixteen to nine"), ("1:1", "one to one"), ("3:2", "three to two")],
    "season": [("2024/25", "twenty twenty-four to twenty-five")],
    "ordinal": [
        ("the 3rd, 12th and 41st", "the third, twelfth and forty-first"),
        ("1,000th", "one thousandth"),
        ("the 21ST", "the twenty-first"),
    ],
    "early year": [("in 1066", "in ten sixty-six"), ("1066 men", "one thousand sixty-six men")],
    "year": [
        ("in 1945", "in nineteen forty-five"),
        ("1905", "nineteen oh-five"),
        (
            "1900, 2000, 2005 and 2024",
            "nineteen hundred, two thousand, two thousand five and twenty twenty-four",
        ),
        ("1939–1945", "nineteen thirty-nine to nineteen forty-five"),
        ("(1945)", "nineteen forty-five"),
        (
            "1,945 and 1945.5",
            "one thousand nine hundred forty-five and one thousand nine hundred forty-five point five",
        ),
        ("1024", "one thousand twenty-four"),
        ("token 1945", "token one thousand nine hundred forty-five"),
    ],
}

GERMAN: Cases = {
    "day and month": [
        ("am 3. Mai 1945", "am dritten Mai neunzehnhundertfünfundvierzig"),
        ("der 3. Mai", "der dritte Mai"),
        ("3. Okt.", "dritter Oktober"),
        ("den 21. September", "den einundzwanzigsten September"),
    ],
    "date without a month's name": [
        ("am 8.5.1945", "am achten Mai neunzehnhundertfünfundvierzig"),
        ("vom 3.10. an", "vom dritten Oktober an"),
        ("der 24.12. ist", "der vierundzwanzigste Dezember ist"),
    ],
    "telephone": [
        ("0171 2345678", "null eins sieben eins, zwei drei vier fünf sechs sieben acht"),
        ("(030) 1234567", "null drei null, eins zwei drei vier fünf sechs sieben"),
        ("+49 30 1234567", "plus vier neun, drei null, eins zwei drei vier fünf sechs sieben"),
    ],
    "calendar date": [("1945-05-08", "achter Mai neunzehnhundertfünfundvierzig")],
    "numbered date": [
        ("24.12.2024", "vierundzwanzigster Dezember zweitausendvierundzwanzig"),
        ("31.2.2024", "einunddreißig Punkt zwei Punkt zweitausendvierundzwanzig"),
    ],
    "range by hyphen": [
        ("Seiten 10-20", "Seiten zehn bis zwanzig"),
        ("1939-45", "neunzehnhundertneununddreißig bis fünfundvierzig"),
    ],
    "range of times": [("10:00-11:30 Uhr", "zehn Uhr bis elf Uhr dreißig")],
    "month and year": [("Dez. 2024", "Dezember zweitausendvierundzwanzig")],
    "Uhr": [
        ("um 10:30 Uhr", "um zehn Uhr dreißig"),
        ("10-12 Uhr", "zehn bis zwölf Uhr"),
        ("um 10.05 Uhr", "um zehn Uhr fünf"),
        ("1 Uhr", "ein Uhr"),
    ],
    "clock": [("10:30", "zehn Uhr dreißig"), ("7:05", "sieben Uhr fünf"), ("13:00", "dreizehn Uhr")],
    "money range": [("€5-10", "fünf bis zehn Euro")],
    "money": [
        ("$49.95", "neunundvierzig Dollar fünfundneunzig"),
        ("$5 und $1", "fünf Dollar und ein Dollar"),
    ],
    "money by sign": [
        ("49,95 €", "neunundvierzig Euro fünfundneunzig"),
        ("0,99 €", "neunundneunzig Cent"),
        ("5,- €", "fünf Euro"),
        ("1.000 €", "eintausend Euro"),
        ("3,5 Mio. €", "drei Komma fünf Millionen Euro"),
        ("-5 EUR", "minus fünf Euro"),
    ],
    "quantity": [
        ("5 km", "fünf Kilometer"),
        ("1 km und 1 s", "ein Kilometer und eine Sekunde"),
        ("-5 °C", "minus fünf Grad Celsius"),
        ("100 km/h", "einhundert Kilometer pro Stunde"),
        ("10 m²", "zehn Quadratmeter"),
        ("3/4 l", "drei Viertel Liter"),
    ],
    "common fraction": [
        ("1/2", "ein halb"),
        ("3/4", "drei Viertel"),
        ("1/8", "ein Achtel"),
        ("5/16", "fünf Sechzehntel"),
        ("2½", "zweieinhalb"),
        ("1 1/2", "eineinhalb"),
    ],
    "scaled": [("2,5 Mrd. Euro", "zwei Komma fünf Milliarden Euro"), ("1 Mio. Leute", "eine Million Leute")],
    "times": [("3x so groß", "drei mal so groß"), ("1x", "ein mal")],
    "ratio": [("3:2 gewonnen", "drei zu zwei gewonnen"), ("16:9", "sechzehn zu neun")],
    "decade": [("1990er", "neunzehnhundertneunziger"), ("die 90er Jahre", "die neunziger Jahre")],
    "season": [("2024/25", "zweitausendvierundzwanzig fünfundzwanzig")],
    "ordinal": [
        ("im 19. Jahrhundert", "im neunzehnten Jahrhundert"),
        ("die 2. Auflage", "die zweite Auflage"),
        ("in der 2. Klasse", "in der zweiten Klasse"),
        ("Ludwig der 14. und", "Ludwig der vierzehnte und"),
        ("mein 18. Geburtstag", "mein achtzehnter Geburtstag"),
        ("Kapitel 3. Der Rest", "Kapitel drei. Der Rest"),
    ],
    "century": [("19. Jahrhundert", "neunzehntes Jahrhundert")],
    "year": [
        ("1945", "neunzehnhundertfünfundvierzig"),
        ("im Jahr 2024", "im Jahr zweitausendvierundzwanzig"),
        ("1.945", "eintausendneunhundertfünfundvierzig"),
        ("Token 1945", "Tohken eintausendneunhundertfünfundvierzig"),
    ],
}

TABLES = {"en": ENGLISH, "de": GERMAN}
ROWS = [(language, *case) for language, table in TABLES.items() for cases in table.values() for case in cases]


@pytest.mark.parametrize(("language", "written", "said"), ROWS)
def test_a_number_is_said_as_what_it_stands_for(language: str, written: str, said: str) -> None:
    assert spoken(written, language) == said


@pytest.mark.parametrize("language", TABLES)
def test_every_rule_of_numerals_has_its_cases_and_fires(language: str) -> None:
    table = TABLES[language]
    assert [name for name, _, _ in WORDINGS[language].numerals] == list(table)
    for name, cases in table.items():
        fired = False
        for written, _ in cases:
            text = written
            for rule in RULES[language]:
                before, text = text, rule.pattern.sub(rule.result, text)
                fired |= rule.name == name and text != before
        assert fired, name


@pytest.mark.parametrize("language", TABLES)
def test_no_digits_are_lost_or_raise(language: str) -> None:
    """Anything of digits and the marks beside them becomes words, however odd: every digit is said."""
    rng = random.Random(11)
    pool = [*"0123456789" * 3, *" .,:/-–+()'$€%²½°", " km", "er", "s", "th", " Mai ", " May ", " Uhr", "pm"]
    for _ in range(400):
        written = "".join(rng.choices(pool, k=rng.randrange(3, 30)))
        said = spoken(written, language)
        assert not re.search(r"\d", said), written
        assert bool(said) or not re.search(r"\d", written), written


def test_a_long_run_of_digits_takes_no_long_time() -> None:
    """A pattern that tries every way to cut a number would not end here."""
    for written in (
        "0123 " + "1" * 4000 + "x",
        "1/" * 2000 + "x",
        "+1 " * 2000,
        "$" + "1," * 3000,
        "1:" * 3000,
    ):
        assert spoken(written)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("“ be” is 1945.", "be is one thousand nine hundred forty-five."),
        ("“ be” is number 1945.", "be is number one thousand nine hundred forty-five."),
    ],
)
def test_the_id_of_a_token_is_no_year(written: str, said: str) -> None:
    assert spoken(written) == said
