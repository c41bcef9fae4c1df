"""English."""

import re
import unicodedata

from voiceover.languages.base import Wording
from voiceover.languages.english_numbers import cardinal, digit_by_digit, ordinal

_CURRENCIES = {"$": "dollar", "€": "euro", "£": "pound"}
_JOINING = (
    "and or but so because which that who where when while if then than as of "
    "in on at to for from by with into over between is are was gives turns"
)


def _money(sign: str, amount: str) -> str:
    return f"{amount} {_CURRENCIES[sign]}{'' if amount == '1' else 's'}"


def _unknown(symbol: str) -> str:
    """Its Unicode name."""
    return re.sub("[^a-z ]", " ", unicodedata.name(symbol, "").lower())


ENGLISH = Wording(
    language="en",
    decimal=".",
    thousands=",",
    cardinal=cardinal,
    digits=digit_by_digit,
    point="point",
    dot="point",
    minus="minus",
    percent="percent",
    to="to",
    over="over",
    numbered="number",
    times_ten="times ten to the",
    squared="squared",
    cubed="cubed",
    power="to the",
    root="the square root of",
    transposed="transpose",
    space="space",
    new_line="new line",
    tab="tab",
    money=_money,
    marks={
        ".": "period",
        ",": "comma",
        ";": "semicolon",
        ":": "colon",
        "!": "exclamation mark",
        "?": "question mark",
        "-": "hyphen",
        "–": "dash",
        "—": "dash",
        "'": "apostrophe",
        '"': "quotation mark",
        "…": "ellipsis",
        "(": "opening bracket",
        ")": "closing bracket",
        "[": "opening bracket",
        "]": "closing bracket",
        "{": "opening brace",
        "}": "closing brace",
        "_": "underscore",
        "/": "slash",
    },
    symbols={
        "→": "to",
        "←": "from",
        "⇒": "gives",
        "↦": "to",
        "≈": "about",
        "~": "tilde",
        "∼": "about",
        "×": "times",
        "÷": "divided by",
        "⋅": "dot",
        "·": "dot",
        "∙": "dot",
        "=": "equals",
        "≠": "does not equal",
        "≡": "is",
        "≤": "at most",
        "≥": "at least",
        "<": "less than",
        ">": "greater than",
        "≪": "much less than",
        "≫": "much greater than",
        "±": "plus or minus",
        "+": "plus",
        "−": "minus",
        "∞": "infinity",
        "∑": "the sum of",
        "∏": "the product of",
        "∂": "partial",
        "∇": "nabla",
        "∈": "in",
        "√": "the square root of",
        "%": "percent",
        "&": "and",
        "@": "at",
        "°": "degrees",
        "#": "hash",
        "*": "star",
        "^": "caret",
        "|": "bar",
        "\\": "backslash",
        "$": "dollar",
        "€": "euro",
        "£": "pound",
        "½": "one half",
        "¼": "one quarter",
        "¾": "three quarters",
        "⅓": "one third",
        "⅔": "two thirds",
        "†": "dagger",
        "§": "section",
        "ᵀ": "transpose",
    },
    unknown=_unknown,
    names=(
        ("for example", r"\be\.g\.,?", "for example,"),
        ("that is", r"\bi\.e\.,?", "that is,"),
        ("versus", r"\bvs\b\.?", "versus"),
        ("end of text", r"<\|endoftext\|>", " end of text "),
        ("GPT", r"(?i)\bgpt(?:-?(\d+(?:\.\d+)?))?(?![a-z])", r"G P T \1"),
        ("ReLU", r"\bReLU\b", "ray loo"),
        ("GELU", r"\b(?:GELU|GeLU)\b", "gellu"),
        ("logit", r"\b([Ll])ogit(s?)\b", r"\1ohjit\2"),
        ("softmax", r"\b[Ss]oft-?[Mm]ax\b", "softmax"),
        ("LayerNorm", r"\bLayer[Nn]orm\b", "layer norm"),
        ("layer norm names", r"\bln_?([12f])\b", r"layer norm \1"),
        ("QKV", r"\bQKV\b", "Q K V"),
    ),
    numerals=(("ordinal", r"\b(\d{1,15})(?:st|nd|rd|th)\b", lambda m: ordinal(int(m[1]))),),
    joining=frozenset(_JOINING.split()),
)
