"""What a prompt's own numbers stand for, by the name of the rule that says them; and for any language."""

import random
import re

import pytest

from voiceover.languages import WORDINGS
from voiceover.rules import RULES
from voiceover.spoken import spoken

CASES: dict[str, list[tuple[str, str]]] = {
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
        ("5/8/45", "May eighth, forty-five"),
        ("on 12/31/05.", "on December thirty-first, oh five."),
        ("3.11.12", "three point eleven point twelve"),
        ("13/13/45", "thirteen over thirteen over forty-five"),
    ],
    "month of a year": [
        ("2024-05", "May twenty twenty-four"),
        ("from 2019-10 to 2019-12.", "from October twenty nineteen to December twenty nineteen."),
        ("2004-05", "two thousand four to zero five"),
    ],
    "range by hyphen": [
        ("pages 10-20", "pages ten to twenty"),
        ("1914-1918", "nineteen fourteen to nineteen eighteen"),
        ("1939-45", "nineteen thirty-nine to forty-five"),
        ("3-1", "three one"),
        ("1,000-2,000 people", "one thousand to two thousand people"),
        ("1.5-2.5 km", "one point five to two point five kilometers"),
        ("1-2.5%", "one to two point five percent"),
        ("99.5-45", "ninety-nine point five forty-five"),
        ("5-10km and 1-2k", "five to ten kilometers and one to two thousand"),
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
        ("1980s-1990s", "nineteen eighties to nineteen nineties"),
    ],
    "money range": [
        ("$5-10", "five to ten dollars"),
        ("$5–10", "five to ten dollars"),
        ("$5-10M", "five to ten million dollars"),
        ("$5-10 million", "five to ten million dollars"),
    ],
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
    "money in words": [
        ("49.95 dollars", "forty-nine dollars and ninety-five cents"),
        ("1,000.50 euros", "one thousand euros and fifty cents"),
        ("0.99 dollars", "ninety-nine cents"),
        ("5.00 dollars", "five dollars"),
        ("49.95 US dollars", "forty-nine US dollars and ninety-five cents"),
        ("12.50 pounds", "twelve pounds and fifty pence"),
        ("12.50 pounds of flour", "twelve point five zero pounds of flour"),
        ("1 dollar or 2 dollars", "one dollar or two dollars"),
        ("5.5 dollars", "five point five dollars"),
        ("50 cents and 1 cent", "fifty cents and one cent"),
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
    "scaled": [
        ("10k", "ten thousand"),
        ("7B", "seven billion"),
        ("1.5M", "one point five million"),
        ("apartment 4B", "apartment four B"),
        ("room 12B has", "room twelve B has"),
        ("a size 4M, please", "a size four M, please"),
        ("a 7B model", "a seven billion model"),
        ("the 7B-parameter one", "the seven billion-parameter one"),
        ("for 5M people", "for five million people"),
        ("over 5M", "over five million"),
        ("a total of 5M", "a total of five million"),
        ("the 1.5B", "the one point five billion"),
        ("about 5-10M users", "about five to ten million users"),
    ],
    "times": [
        ("3x faster", "three times faster"),
        ("5 x 3 and 2x2", "five times three and two times two"),
        ("v3x", "v three x"),
    ],
    "ratio": [("16:9", "sixteen to nine"), ("1:1", "one to one"), ("3:2", "three to two")],
    "season": [
        ("2024/25", "twenty twenty-four to twenty-five"),
        ("2023/2024", "twenty twenty-three to twenty twenty-four"),
    ],
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


@pytest.mark.parametrize(("written", "said"), [case for cases in CASES.values() for case in cases])
def test_a_number_is_said_as_what_it_stands_for(written: str, said: str) -> None:
    assert spoken(written) == said


def test_every_rule_has_its_cases() -> None:
    assert [name for name, _, _ in WORDINGS["en"].numerals] == list(CASES)


@pytest.mark.parametrize("name", CASES)
def test_no_rule_is_idle(name: str) -> None:
    fired = False
    for written, _ in CASES[name]:
        text = written
        for rule in RULES["en"]:
            before, text = text, rule.pattern.sub(rule.result, text)
            fired |= rule.name == name and text != before
    assert fired


@pytest.mark.parametrize("language", WORDINGS)
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
        "1%-" * 2000,
        "1 km-" * 2000,
        "1" + "km" * 3000 + "-1",
        "1,000-" * 2000,
        "1.50 pounds " * 1000,
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
