"""What German numbers of a prompt stand for, by the name of the rule that says them."""

import pytest

from voiceover.languages import WORDINGS
from voiceover.rules import RULES
from voiceover.spoken import spoken

CASES: dict[str, list[tuple[str, str]]] = {
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
        ("am 8.5.45.", "am achten Mai fünfundvierzig."),
        ("vom 01.02.05 an", "vom ersten Februar null fünf an"),
        ("am 8.5. 45 Leute", "am achten Mai fünfundvierzig Leute"),
    ],
    "times with dots": [
        ("9.30-11.00 Uhr", "neun Uhr dreißig bis elf Uhr"),
        ("von 9.30 bis 11 Uhr", "von neun Uhr dreißig bis elf Uhr"),
    ],
    "telephone": [
        ("0171 2345678", "null eins sieben eins, zwei drei vier fünf sechs sieben acht"),
        ("(030) 1234567", "null drei null, eins zwei drei vier fünf sechs sieben"),
        ("+49 30 1234567", "plus vier neun, drei null, eins zwei drei vier fünf sechs sieben"),
    ],
    "calendar date": [
        ("1945-05-08", "achter Mai neunzehnhundertfünfundvierzig"),
        ("am 1945-05-08", "am achten Mai neunzehnhundertfünfundvierzig"),
        ("seit dem 2021/04/03", "seit dem dritten April zweitausendeinundzwanzig"),
    ],
    "numbered date": [
        ("24.12.2024", "vierundzwanzigster Dezember zweitausendvierundzwanzig"),
        ("31.2.2024", "einunddreißig Punkt zwei Punkt zweitausendvierundzwanzig"),
        ("8.5.45", "achter Mai fünfundvierzig"),
        ("geboren 08.05.45", "geboren achter Mai fünfundvierzig"),
        ("Python 3.11.12", "Python drei Punkt elf Punkt zwölf"),
        ("am 5/8/45", "am fünften August fünfundvierzig"),
    ],
    "month of a year": [
        ("2024-05", "Mai zweitausendvierundzwanzig"),
        ("bis 2019-12.", "bis Dezember zweitausendneunzehn."),
    ],
    "range by hyphen": [
        ("Seiten 10-20", "Seiten zehn bis zwanzig"),
        ("1939-45", "neunzehnhundertneununddreißig bis fünfundvierzig"),
        ("1.000-2.000", "eintausend bis zweitausend"),
        ("1,5-2,5", "eins Komma fünf bis zwei Komma fünf"),
        ("5-10km", "fünf bis zehn Kilometer"),
    ],
    "range of times": [
        ("10:00-11:30 Uhr", "zehn Uhr bis elf Uhr dreißig"),
        ("9:30-11:00 Uhr", "neun Uhr dreißig bis elf Uhr"),
        ("9:30–11:00", "neun Uhr dreißig bis elf Uhr"),
    ],
    "month and year": [("Dez. 2024", "Dezember zweitausendvierundzwanzig")],
    "Uhr": [
        ("um 10:30 Uhr", "um zehn Uhr dreißig"),
        ("10-12 Uhr", "zehn bis zwölf Uhr"),
        ("um 10.05 Uhr", "um zehn Uhr fünf"),
        ("1 Uhr", "ein Uhr"),
    ],
    "clock": [("10:30", "zehn Uhr dreißig"), ("7:05", "sieben Uhr fünf"), ("13:00", "dreizehn Uhr")],
    "money range": [("€5-10", "fünf bis zehn Euro"), ("€5-10 Mio.", "fünf bis zehn Millionen Euro")],
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
    "money in words": [
        ("49,95 Euro", "neunundvierzig Euro fünfundneunzig"),
        ("19.99 Dollar", "neunzehn Dollar neunundneunzig"),
        ("1.000,50 Euro", "eintausend Euro fünfzig"),
        ("0,99 Euro", "neunundneunzig Cent"),
        ("1 Euro und 1 Cent", "ein Euro und ein Cent"),
        ("49,95 US-Dollar", "neunundvierzig US Dollar fünfundneunzig"),
        ("12,50 Pfund", "zwölf Pfund fünfzig"),
        ("12,50 Pfund Mehl", "zwölf Komma fünf null Pfund Mehl"),
        ("1 Pfund Mehl", "ein Pfund Mehl"),
        ("12,50 Pfund Sterling", "zwölf Pfund fünfzig Sterling"),
        ("2 Euro", "zwei Euro"),
        ("5,5 Euro", "fünf Komma fünf Euro"),
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
    "scaled": [
        ("2,5 Mrd. Euro", "zwei Komma fünf Milliarden Euro"),
        ("1 Mio. Leute", "eine Million Leute"),
        ("etwa 7B", "etwa sieben Milliarden"),
        ("ein Modell mit den 7B Parametern", "ein Modell mit den sieben Milliarden Parametern"),
        ("Wohnung 4B", "Wohnung vier B"),
    ],
    "times": [("3x so groß", "drei mal so groß"), ("1x", "ein mal")],
    "ratio": [("3:2 gewonnen", "drei zu zwei gewonnen"), ("16:9", "sechzehn zu neun")],
    "decade": [
        ("1990er", "neunzehnhundertneunziger"),
        ("die 90er Jahre", "die neunziger Jahre"),
        ("in den 1920ern", "in den neunzehnhundertzwanzigern"),
        ("in den 90ern", "in den neunzigern"),
        ("die 1980er-Jahre", "die neunzehnhundertachtziger-Jahre"),
        ("80er–90er", "achtziger bis neunziger"),
        ("die 68er und 2000er", "die achtundsechziger und zweitausender"),
        ("ein 3er", "ein dreier"),
    ],
    "season": [
        ("2024/25", "zweitausendvierundzwanzig fünfundzwanzig"),
        ("in der Saison 1999/00", "in der Saison neunzehnhundertneunundneunzig null null"),
        ("2023/2024", "zweitausenddreiundzwanzig zweitausendvierundzwanzig"),
        ("2024/2048", "zweitausendvierundzwanzig durch zweitausendachtundvierzig"),
    ],
    "ordinal": [
        ("im 19. Jahrhundert", "im neunzehnten Jahrhundert"),
        ("die 2. Auflage", "die zweite Auflage"),
        ("in der 2. Klasse", "in der zweiten Klasse"),
        ("Ludwig der 14. und", "Ludwig der vierzehnte und"),
        ("mein 18. Geburtstag", "mein achtzehnter Geburtstag"),
        ("Kapitel 3. Der Rest", "Kapitel drei. Der Rest"),
    ],
    "century": [
        ("19. Jahrhundert", "neunzehntes Jahrhundert"),
        ("des 19. Jahrhunderts", "des neunzehnten Jahrhunderts"),
        ("20. Jh.", "zwanzigstes Jahrhundert."),
        ("3. Jahrtausend", "drittes Jahrtausend"),
    ],
    "year": [
        ("1945", "neunzehnhundertfünfundvierzig"),
        ("im Jahr 2024", "im Jahr zweitausendvierundzwanzig"),
        ("1.945", "eintausendneunhundertfünfundvierzig"),
        ("Token 1945", "Tohken eintausendneunhundertfünfundvierzig"),
    ],
}


@pytest.mark.parametrize(("written", "said"), [case for cases in CASES.values() for case in cases])
def test_a_number_is_said_as_what_it_stands_for(written: str, said: str) -> None:
    assert spoken(written, "de") == said


def test_every_rule_has_its_cases() -> None:
    assert [name for name, _, _ in WORDINGS["de"].numerals] == list(CASES)


@pytest.mark.parametrize("name", CASES)
def test_no_rule_is_idle(name: str) -> None:
    fired = False
    for written, _ in CASES[name]:
        text = written
        for rule in RULES["de"]:
            before, text = text, rule.pattern.sub(rule.result, text)
            fired |= rule.name == name and text != before
    assert fired
