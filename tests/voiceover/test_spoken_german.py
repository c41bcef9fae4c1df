"""German's spoken form: its own rules by name, its numbers, and every shared rule with its words."""

import random
import unicodedata

import pytest

from voiceover.captions import captions_for
from voiceover.engines.silent import SilentEngine
from voiceover.languages import WORDINGS
from voiceover.languages.german import GERMAN
from voiceover.rules import RULES
from voiceover.spoken import spoken
from voiceover.timing import timed_text

OWN: dict[str, list[tuple[str, str]]] = {
    "for example": [("z. B. so", "zum Beispiel so"), ("z.B. so", "zum Beispiel so")],
    "Nr.": [("Nr. 5", "Nummer fünf")],
    "around the clock": [("24/7", "vierundzwanzig sieben")],
    "that is": [("d. h. so", "das heißt so")],
    "Jh.": [
        ("im 20. Jh. war", "im zwanzigsten Jahrhundert war"),
        ("im 20. Jh.", "im zwanzigsten Jahrhundert."),
    ],
    "one percent": [
        ("1\u00a0% davon", "ein Prozent davon"),
        ("2,1 % davon", "zwei Komma eins Prozent davon"),
        ("21 %", "einundzwanzig Prozent"),
    ],
    "less than a percentage": [
        ("<1\u00a0%", "weniger als ein Prozent"),
        ("<0,1\u00a0%", "weniger als null Komma eins Prozent"),
        ("a < b", "a kleiner als b"),
    ],
    "sharp": [("mit C#", "mit C Scharp")],
    "end of text": [("<|endoftext|>", "Textende")],
    "GPT": [("ein GPT-2 und GPT", "ein Ge Pe Te zwei und Ge Pe Te"), ("gpt2-pocket", "Ge Pe Te zwei pocket")],
    "ReLU": [("mit ReLU", "mit Relu")],
    "GELU": [("mit GELU", "mit Gelu")],
    "token": [("Token und Tokens", "Tohken und Tohkens")],
    "query": [("die Query", "die Kwieri")],
    "key": [("Key, Keys", "Kih, Kihs")],
    "value": [("Value und Values", "Wälju und Wäljus")],
    "score": [("der Score", "der Skor")],
    "logit": [("Logit, Logits", "Lodschit, Lodschits")],
    "softmax": [("SoftMax", "Softmax")],
    "LayerNorm": [("LayerNorm", "Layer Norm")],
    "layer norm names": [("ln_f und ln1", "Layer Norm f und Layer Norm eins")],
    "QKV": [("die QKV", "die Q K V")],
}
SHARED = [
    ("„be“ bekommt 37\u00a0%", "be bekommt siebenunddreißig Prozent"),
    ("„,“ und „ “", "Komma und Leerzeichen"),
    ("„##“", "Raute Raute"),
    ("␣the ↵ ⇥", "the neue Zeile Tabulator"),
    ("QKᵀ", "Q K transponiert"),
    ("W_Q und d_k", "W Q und d k"),
    ("√64", "die Wurzel aus vierundsechzig"),
    ("x² und y³", "x Quadrat und y hoch drei"),
    ("10⁻³", "zehn hoch minus drei"),
    ("0,37", "null Komma drei sieben"),
    ("−1,2", "minus eins Komma zwei"),
    ("−,37", "minus null Komma drei sieben"),
    ("8.193", "achttausendeinhundertdreiundneunzig"),
    ("Es sind 8.193. Und", "Es sind achttausendeinhundertdreiundneunzig. Und"),
    ("1.234,5", "eintausendzweihundertvierunddreißig Komma fünf"),
    ("3.11.2", "drei Punkt elf Punkt zwei"),
    ("1,5e-05", "eins Komma fünf mal zehn hoch minus fünf"),
    ("5 €", "fünf Euro"),
    ("$5 und $1", "fünf Dollar und ein Dollar"),
    ("3–5", "drei bis fünf"),
    ("10%-20%", "zehn Prozent bis zwanzig Prozent"),
    ("1 %–2 %", "ein Prozent bis zwei Prozent"),
    ("5 €-10 €", "fünf Euro bis zehn Euro"),
    ("$5–$10", "fünf Dollar bis zehn Dollar"),
    ("3 Mio.-5 Mio. Euro", "drei Millionen bis fünf Millionen Euro"),
    ("22/7", "zweiundzwanzig durch sieben"),
    ("======", "gleich, sechsmal"),
    ("mit .NET", "mit Punkt NET"),
    ("„be“ ist 1945.", "be ist eintausendneunhundertfünfundvierzig."),
    ("#5", "Nummer fünf"),
    ("Q → K ≈ 1", "Q zu K ungefähr eins"),
    ("−∞", "minus unendlich"),
    ("so ☺", "so Symbol"),
    ("α und Σ", "alpha und sigma"),
    ("007", "null null sieben"),
    ("so … Welches?", "so. Welches?"),
]


def test_every_rule_of_its_own_has_its_cases() -> None:
    assert [name for name, _, _ in GERMAN.names] == list(OWN)


@pytest.mark.parametrize(("written", "said"), [case for cases in OWN.values() for case in cases] + SHARED)
def test_written_form_becomes_spoken_form(written: str, said: str) -> None:
    assert spoken(written, "de") == said


@pytest.mark.parametrize("name", list(OWN))
def test_no_rule_is_idle(name: str) -> None:
    fired = False
    for written, _ in OWN[name]:
        text = written
        for rule in RULES["de"]:
            before, text = text, rule.pattern.sub(rule.result, text)
            fired |= rule.name == name and text != before
    assert fired


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0, "null"),
        (1, "eins"),
        (16, "sechzehn"),
        (17, "siebzehn"),
        (21, "einundzwanzig"),
        (30, "dreißig"),
        (77, "siebenundsiebzig"),
        (100, "einhundert"),
        (101, "einhunderteins"),
        (121, "einhunderteinundzwanzig"),
        (1000, "eintausend"),
        (1001, "eintausendeins"),
        (21_000, "einundzwanzigtausend"),
        (101_000, "einhunderteintausend"),
        (50_257, "fünfzigtausendzweihundertsiebenundfünfzig"),
        (1_000_000, "eine Million"),
        (2_000_001, "zwei Millionen eins"),
        (6_902_016, "sechs Millionen neunhundertzweitausendsechzehn"),
        (
            1_557_611_200,
            "eine Milliarde fünfhundertsiebenundfünfzig Millionen sechshundertelftausendzweihundert",
        ),
        (10**12, "eine Billion"),
    ],
)
def test_cardinal(value: int, words: str) -> None:
    assert GERMAN.numbers.cardinal(value) == words


def test_marks_and_symbols_have_the_same_keys_in_every_language() -> None:
    english = WORDINGS["en"]
    for wording in WORDINGS.values():
        assert list(wording.marks) == list(english.marks)
        assert list(wording.symbols) == list(english.symbols)


def test_any_text_becomes_words_and_plain_marks_only() -> None:
    rng = random.Random(4)
    pool = [
        *map(chr, range(0x20, 0x3000)),
        *"[[]]<>{}\\\x00\x1b\u202e\u2028\ufeff😀𝒳",
        *("0123456789,." * 20),
    ]
    for _ in range(150):
        said = spoken("".join(rng.choices(pool, k=60)), "de")
        assert all(c in " .,;:!?'-" or unicodedata.category(c)[0] in "LMN" for c in said)
        assert not set(said) & set("[]<>{}()\\|\x00\x1b\u202e\ufeff0123456789/_%#&")


def test_captions_use_german_word_times() -> None:
    text = "„be“ schenkt 37\u00a0% seiner Aufmerksamkeit an „What“, und 8.193 Tokens bekommen −1,2 davon."
    speech = SilentEngine("de", rate=1000).speak(spoken(text, "de"))
    captions = captions_for(timed_text(text, speech.seconds, speech.words, "de"), 2.0)
    assert " ".join(one.text for one in captions).split() == text.split()
    starts = {round(2.0 + word.start, 6) for word in speech.words}
    assert all(round(one.start, 6) in starts for one in captions)
