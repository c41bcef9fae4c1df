"""Every rule of the spoken form, by its name, and what must hold for any text."""

import random
import unicodedata

import pytest

from voiceover.languages import WORDINGS
from voiceover.rules import RULES
from voiceover.spoken import spoken, spoken_words, utterance

CASES: dict[str, list[tuple[str, str]]] = {
    "apostrophe": [("it’s the model’s", "it's the model's")],
    "run of a mark": [
        ("======", "equals, six times"),
        ("so ****** it", "so, star, six times, it"),
        ("=-=-=-=-", "equals hyphen, four times"),
        ("a == b", "a equals equals b"),
        ("------", ""),
    ],
    "quoted space": [("the token ‘ ’ here", "the token space here")],
    "quoted marks": [
        ("‘,’ and ‘ .’", "comma and period"),
        ("the token ‘##’", "the token hash hash"),
        ("‘[[[[[[’", "opening bracket, six times"),
    ],
    "id of a token": [("“ be” is 1945.", "be is one thousand nine hundred forty-five.")],
    "leading visible space": [("‘␣the’", "the"), ("␣the ␣cat", "the cat")],
    "visible space": [("‘␣’", "space"), ("the ␣ mark", "the space mark")],
    "visible newline": [("a ↵ here", "a new line here")],
    "visible tab": [("a ⇥ here", "a tab here")],
    "quotes": [
        ("The word ‘ be’ gives “more”", "The word be gives more"),
        ("'so' \"it\" `is` dogs' tails", "so it is dogs tails"),
    ],
    "vulgar fraction": [("½", "one half"), ("2¾", "two and three quarters")],
    "range": [("blocks 1–12", "blocks one to twelve")],
    "range of money": [
        ("$5-$10", "five dollars to ten dollars"),
        ("$5.50–$10.50", "five dollars and fifty cents to ten dollars and fifty cents"),
        ("$5k-$10k", "five thousand dollars to ten thousand dollars"),
        ("US$5-US$10", "five US dollars to ten US dollars"),
    ],
    "range of quantities": [
        ("10%-20%", "ten percent to twenty percent"),
        ("10 % – 20 %", "ten percent to twenty percent"),
        ("5€-10€", "five euros to ten euros"),
        ("5€-.5", "five euros to zero point five"),
        ("-5°C--2°C", "minus five degrees Celsius to minus two degrees Celsius"),
        ("5 km-10 km", "five kilometers to ten kilometers"),
        ("10k–20k", "ten thousand to twenty thousand"),
        ("5% - that", "five percent, that"),
        ("a 10%-off", "a ten percent off"),
    ],
    "negative": [("-3 and (-0.5)", "minus three and, minus zero point five"), ("top-5", "top five")],
    "for example": [("e.g. this", "for example, this")],
    "No.": [("No. 5", "number five")],
    "the eleventh of September": [("9/11", "nine eleven")],
    "around the clock": [("24/7", "twenty-four seven")],
    "that is": [("i.e., this", "that is, this")],
    "versus": [("this vs. that", "this versus that")],
    "sharp": [("use C# in F# minor", "use C sharp in F sharp minor"), ("A#1", "A number one")],
    "end of text": [("<|endoftext|>", "end of text")],
    "GPT": [
        ("GPT-2 and GPT", "G P T two and G P T"),
        ("gpt2-pocket", "G P T two pocket"),
        ("GPT-3.5", "G P T three point five"),
    ],
    "ReLU": [("a ReLU layer", "a ray loo layer")],
    "GELU": [("the GELU", "the gellu")],
    "logit": [("Logits: one logit", "Lohjits: one lohjit")],
    "softmax": [("SoftMax and softmax", "softmax and softmax")],
    "LayerNorm": [("LayerNorm", "layer norm")],
    "layer norm names": [("ln_f and ln1", "layer norm f and layer norm one")],
    "QKV": [("the QKV matrix", "the Q K V matrix")],
    "transpose": [("QKᵀ", "Q K transpose"), ("QK^T / 8", "Q K transpose over eight"), ("Kᵀ", "K transpose")],
    "subscript": [
        ("d_k and W_Q", "d k and W Q"),
        ("d_model", "d model"),
        ("x_1", "x one"),
        ("d_{ff}", "d ff"),
    ],
    "small subscript": [("x₁₂ and dₖ", "x one two and d k")],
    "small power": [
        ("x² + y³", "x squared plus y cubed"),
        ("10⁻³", "ten to the minus three"),
        ("eˣ", "e to the x"),
        ("2¹⁰ cells", "two to the ten cells"),
    ],
    "power": [("x^2", "x squared"), ("10^-5", "ten to the minus five"), ("e^x", "e to the x")],
    "square root": [("√64", "the square root of sixty-four"), ("√d_k", "the square root of d k")],
    "bracket as pause": [
        ("it falls (a lot), then", "it falls, a lot, then"),
        ("so (yes).", "so, yes."),
        ("0.5 (37 %).", "zero point five, thirty-seven percent."),
    ],
    "thousands": [
        ("8,193", "eight thousand one hundred ninety-three"),
        ("8,193, and", "eight thousand one hundred ninety-three, and"),
        ("50,257 tokens", "fifty thousand two hundred fifty-seven tokens"),
        ("1,2", "one, two"),
        ("1 000 000 people", "one million people"),
        ("1'000'000", "one million"),
    ],
    "scientific": [
        ("1.5e-05", "one point five times ten to the minus five"),
        ("2e3", "two times ten to the three"),
    ],
    "percent": [("37 %", "thirty-seven percent"), ("3.4%", "three point four percent")],
    "numbered": [("token #5", "token number five")],
    "digits apart": [("3-1 and 1:2:3", "three one and one two three")],
    "fraction": [("22/7", "twenty-two over seven"), ("q / k", "q over k")],
    "bare decimal": [("p = .5", "p equals zero point five")],
    "number": [
        ("0.37", "zero point three seven"),
        ("−1.2", "minus one point two"),
        ("007", "zero zero seven"),
        ("3.11.2", "three point eleven point two"),
        ("12 heads.", "twelve heads."),
        ("v3x", "v three x"),
    ],
    "other digits": [("٣٤", "three four")],
    "dot before a name": [
        ("use .NET now", "use dot NET now"),
        (".gitignore", "dot gitignore"),
        ("(.env)", "dot env"),
    ],
    "dot in a name": [("node.js", "node dot js"), ("ASP.NET", "ASP dot NET"), ("a.b", "a.b")],
    "sentence without a space": [("the end.Next one", "the end. Next one")],
    "mark without a space": [("Hello ,world", "Hello, world"), ("use !important", "use! important")],
    "ellipsis at an end": [("so “it is” … Which?", "so it is. Which?")],
    "ellipsis": [("wait … what", "wait, what"), ("wait... what", "wait, what")],
    "dash": [("one — two", "one, two"), ("one - two", "one, two"), ("feed-forward", "feed-forward")],
    "slash": [("and/or", "and or")],
    "underscore": [("snake_case", "snake case")],
    "symbol": [
        ("Q → K", "Q to K"),
        ("≈ 1", "about one"),
        ("3 × 4", "three times four"),
        ("x ÷ 8", "x divided by eight"),
        ("Q·K", "Q dot K"),
        ("−∞", "minus infinity"),
        ("x−1", "x minus one"),
        ("a = b", "a equals b"),
        ("p ≤ 1", "p at most one"),
        ("R&D", "R and D"),
    ],
    "small digits": [("² of", "two of")],
    "small digits in words": [("¹", "one")],
    "Greek letter": [("α and Σ", "alpha and sigma"), ("λόγος", "λόγος")],
    "unknown symbol": [
        ("so ☺", "so white smiling face"),
        ("[[foo]] ¨", "foo"),
        ("‾z‾", "z"),
        ("नमस्ते दुनिया", "नमस्ते दुनिया"),
        ("สวัสดี", "สวัสดี"),
        ("שָׁלוֹם", "שָׁלוֹם"),
        ("q̇ and \u0301", "q̇ and"),
        ("1️⃣ ❤️", "one heavy black heart"),
        ("★★★★", "black star"),
        ("<b>hi</b>", "less than b greater than hi less than b greater than"),
    ],
    "very long word": [("x" * 90, f"{'x' * 40} {'x' * 40} {'x' * 10}")],
    "lone hyphen": [("pre- and -fix", "pre and fix")],
    "lone apostrophe": [("rock'5", "rock five")],
    "spaces": [("  a \n\t b  ", "a b")],
    "repeated marks": [("what?! no!!!", "what! no!"), ("a , b .", "a, b.")],
    "comma runs": [("a, , b;: c", "a, b; c")],
    "edges": [("... so:", "so"), ("!", "")],
}


def test_every_rule_has_its_cases() -> None:
    own = {name for name, _, _ in WORDINGS["en"].numerals}  # whose cases are in test_numerals.py
    assert [rule.name for rule in RULES["en"] if rule.name not in own] == list(CASES)


@pytest.mark.parametrize(("written", "said"), [case for cases in CASES.values() for case in cases])
def test_written_form_becomes_spoken_form(written: str, said: str) -> None:
    assert spoken(written) == said


@pytest.mark.parametrize("name", list(CASES))
def test_no_rule_is_idle(name: str) -> None:
    """Each rule changes something in at least one of its own cases."""
    fired = False
    for written, _ in CASES[name]:
        text = written
        for rule in RULES["en"]:
            before = text
            text = rule.pattern.sub(rule.result, text)
            fired |= rule.name == name and text != before
    assert fired


def test_a_whole_sentence() -> None:
    written = (
        "The word ‘ be’ gives 37 % of its attention to ‘ What’; the scores are divided by √d_k,"
        " and softmax turns them into weights that add to 1."
    )
    assert spoken(written) == (
        "The word be gives thirty-seven percent of its attention to What; the scores are divided by"
        " the square root of d k, and softmax turns them into weights that add to one."
    )


def test_said_twice_is_said_once() -> None:
    for cases in CASES.values():
        for _, said in cases:
            assert spoken(said) == said


def test_any_text_becomes_words_and_plain_marks_only() -> None:
    """No digit, bracket, control character or symbol of a hostile text reaches an engine."""
    rng = random.Random(4)
    pool = [*map(chr, range(0x20, 0x3000)), *"[[]]<>{}\\\x00\x1b\u202e\u2028\ufeff😀𝒳", *("0123456789" * 20)]
    for _ in range(150):
        said = spoken("".join(rng.choices(pool, k=60)))
        assert all(c in " .,;:!?'-" or unicodedata.category(c)[0] in "LMN" for c in said)
        assert not set(said) & set("[]<>{}()\\|\x00\x1b\u202e\ufeff0123456789/_%#&")
        assert said == said.strip()


def test_control_characters_and_direction_marks_are_dropped() -> None:
    assert spoken("a\x00b\u202ec\x1b") == "a b c"


def test_joiners_are_no_gap() -> None:
    assert spoken("\ufeffAuf\u00adlage na\u2060me क्\u200dष") == "Auflage name क्ष"
    assert spoken("\u200b\u200d\ufeff") == ""


def test_each_spoken_word_knows_what_it_says() -> None:
    """Through every rule: "percent" says the %, a date's words say the whole date."""
    written = "A 37 % of\u00a0“x\u200dy”, on 8 May 1945: e\u0301 = $5."
    said = utterance(written)
    assert [word for word, _ in said.words] == spoken_words(said.text)
    says = [(word, written[first:last]) for word, (first, last) in said.words]
    assert says[:5] == [
        ("A", "A"),
        ("thirty-seven", "37"),
        ("percent", "%"),
        ("of", "of"),
        ("xy", "x\u200dy"),
    ]
    date = ["the", "eighth", "of", "May", "nineteen", "forty-five"]
    assert says[6:12] == [(word, "8 May 1945") for word in date]
    assert says[12:] == [("é", "e\u0301"), ("equals", "="), ("five", "$5"), ("dollars", "$5")]


def test_spoken_words_carry_no_punctuation() -> None:
    assert spoken_words("So, it's feed-forward: 'yes' - no.") == ["So", "it's", "feed-forward", "yes", "no"]


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0, "zero"),
        (13, "thirteen"),
        (20, "twenty"),
        (99, "ninety-nine"),
        (100, "one hundred"),
        (110, "one hundred ten"),
        (1_000_000, "one million"),
        (163_037_184, "one hundred sixty-three million thirty-seven thousand one hundred eighty-four"),
        (10**12 + 1, "one trillion one"),
    ],
)
def test_cardinal(value: int, words: str) -> None:
    assert WORDINGS["en"].numbers.cardinal(value) == words


def test_numbers_too_long_to_say_are_read_by_digit() -> None:
    assert WORDINGS["en"].numbers.number("1" * 16) == " ".join(["one"] * 16)
    assert WORDINGS["en"].numbers.number("1" * 15).startswith("one hundred eleven trillion")


def test_ordinals() -> None:
    assert [WORDINGS["en"].numbers.ordinal(n) for n in (1, 2, 5, 20, 100, 112)] == [
        "first",
        "second",
        "fifth",
        "twentieth",
        "one hundredth",
        "one hundred twelfth",
    ]
