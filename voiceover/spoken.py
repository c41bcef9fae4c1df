"""Written form → spoken form, in English: `√d_k` → "the square root of d k", `3 %` → "three percent".

Captions show the written form; engines get the spoken one: only words and the marks . , ; : ! ? ' -
A rule is one row of `RULES`; they run from top to bottom over the whole text. A new one needs its own test.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from voiceover.numbers import cardinal, digit_by_digit, number, ordinal

__all__ = ["RULES", "VERSION", "Rule", "spoken", "spoken_words"]

VERSION = "1"
"""Part of a cached sound's key: change it whenever a rule changes."""

_MARKS = {  # a token that is only a mark is called by its name
    **{
        ".": "period",
        ",": "comma",
        ";": "semicolon",
        ":": "colon",
        "!": "exclamation mark",
        "?": "question mark",
    },
    **{"-": "hyphen", "–": "dash", "—": "dash", "'": "apostrophe", '"': "quotation mark", "…": "ellipsis"},
    **{"(": "opening bracket", ")": "closing bracket", "[": "opening bracket", "]": "closing bracket"},
    **{"{": "opening brace", "}": "closing brace", "_": "underscore", "/": "slash"},
}
_SYMBOLS = {
    **{
        "→": "to",
        "←": "from",
        "⇒": "gives",
        "↦": "to",
        "≈": "about",
        "~": "tilde",
        "∼": "about",
        "×": "times",
    },
    **{
        "÷": "divided by",
        "⋅": "dot",
        "·": "dot",
        "∙": "dot",
        "=": "equals",
        "≠": "does not equal",
        "≡": "is",
    },
    **{"≤": "at most", "≥": "at least", "<": "less than", ">": "greater than", "≪": "much less than"},
    **{"≫": "much greater than", "±": "plus or minus", "+": "plus", "−": "minus", "∞": "infinity"},
    **{
        "∑": "the sum of",
        "∏": "the product of",
        "∂": "partial",
        "∇": "nabla",
        "∈": "in",
        "√": "the square root of",
    },
    **{
        "%": "percent",
        "&": "and",
        "@": "at",
        "°": "degrees",
        "#": "hash",
        "*": "star",
        "^": "caret",
        "|": "bar",
    },
    **{"\\": "backslash", "$": "dollar", "€": "euro", "£": "pound", "½": "one half", "¼": "one quarter"},
    **{
        "¾": "three quarters",
        "⅓": "one third",
        "⅔": "two thirds",
        "†": "dagger",
        "§": "section",
        "ᵀ": "transpose",
    },
}
_SUPERSCRIPTS = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿᵏˣᵈⁱʲ", "0123456789+-nkxdij", strict=True))
_SUBSCRIPTS = dict(zip("₀₁₂₃₄₅₆₇₈₉ᵢⱼₖₙₜᵥₓ", "0123456789ijkntvx", strict=True))
_MONEY = {"$": "dollar", "€": "euro", "£": "pound"}
_UP, _DOWN = "".join(_SUPERSCRIPTS), "".join(_SUBSCRIPTS)
_NUMBER = r"\d+(?:\.\d+)?"


@dataclass(frozen=True)
class Rule:
    """One rewriting: each match of `pattern` becomes `to`, a template or a function of the match."""

    name: str
    pattern: re.Pattern[str]
    to: str | Callable[[re.Match[str]], str]


def _rule(name: str, pattern: str, to: str | Callable[[re.Match[str]], str]) -> Rule:
    return Rule(name, re.compile(pattern), to)


def _power(exponent: str) -> str:
    """ "2" → "squared", "-3" → "to the minus 3", "n" → "to the n"."""
    if exponent in ("2", "3"):
        return " squared " if exponent == "2" else " cubed "
    sign = "minus " if exponent.startswith("-") else ""
    return f" to the {sign}{' '.join(re.findall('[0-9]+|[a-z]', exponent.lower()))} "


def _mark_names(match: re.Match[str]) -> str:
    return f" {' '.join(_MARKS.get(c) or _SYMBOLS[c] for c in match[1])} "


def _money(match: re.Match[str]) -> str:
    return f" {match[2]} {_MONEY[match[1]]}{'' if match[2] == '1' else 's'} "


def _scientific(match: re.Match[str]) -> str:
    return f"{match[1]} times ten to the {'minus ' if match[2] in ('-', '−') else ''}{match[3]}"


def _digits(match: re.Match[str]) -> str:
    """A number in words; with two points or more ("3.11.2") it is a version, read part by part."""
    parts = match[0].split(".")
    if len(parts) > 2:
        return f" {' point '.join(number(part) for part in parts)} "
    return f" {number(match[0])} "


def _greek(match: re.Match[str]) -> str:
    return f" {unicodedata.name(match[0]).rsplit('LETTER ', 1)[-1].split(' WITH ')[0].lower()} "


def _unknown(match: re.Match[str]) -> str:
    """A symbol no rule knows is called by its Unicode name (emoji, arrows); other signs are dropped."""
    kind = unicodedata.category(match[1])
    name = unicodedata.name(match[1], "") if kind in ("So", "Sm", "Sc") else ""
    return f" {re.sub('[^a-z ]', ' ', name.lower())} "


def _any_of(table: dict[str, str]) -> str:
    return f"[{re.escape(''.join(table))}]"


RULES: tuple[Rule, ...] = (
    # Quotes, and tokens shown between them.
    _rule("apostrophe", r"(?<=\w)[’ʼ](?=\w)", "'"),
    _rule("quoted space", r"[‘“]\s+[’”]", " space "),
    _rule("quoted marks", rf"[‘“]\s*((?:{_any_of(_MARKS)}|{_any_of(_SYMBOLS)}){{1,4}})\s*[’”]", _mark_names),
    _rule("leading visible space", r"␣+(?=[^\s␣’”])", " "),
    _rule("visible space", r"␣", " space "),
    _rule("visible newline", r"[⏎↵␤¶]", " new line "),
    _rule("visible tab", r"[⇥␉]", " tab "),
    _rule("quotes", r"[‘’‚‛“”„‟«»‹›\"`]|(?<!\w)'|'(?!\w)", " "),
    # Names and short forms.
    _rule("for example", r"\be\.g\.,?", "for example,"),
    _rule("that is", r"\bi\.e\.,?", "that is,"),
    _rule("versus", r"\bvs\b\.?", "versus"),
    _rule("end of text", r"<\|endoftext\|>", " end of text "),
    _rule("GPT", rf"(?i)\bgpt(?:-?({_NUMBER}))?(?![a-z])", lambda m: f"G P T {m[1] or ''}"),
    _rule("ReLU", r"\bReLU\b", "ray loo"),
    _rule("GELU", r"\b(?:GELU|GeLU)\b", "gellu"),
    _rule("logit", r"\b([Ll])ogit(s?)\b", r"\1ohjit\2"),
    _rule("softmax", r"\b[Ss]oft-?[Mm]ax\b", "softmax"),
    _rule("LayerNorm", r"\bLayer[Nn]orm\b", "layer norm"),
    _rule("layer norm names", r"\bln_?([12f])\b", lambda m: f"layer norm {m[1]}"),
    _rule("QKV", r"\bQKV\b", "Q K V"),
    # Formulas.
    _rule("transpose", r"([A-Z]+)\s?(?:ᵀ|\^T\b|⊤|\^⊤)", lambda m: f"{' '.join(m[1])} transpose "),
    _rule("subscript", r"\b([A-Za-z])_\{?([A-Za-z0-9]+)\}?", r"\1 \2"),
    _rule("small subscript", rf"[{_DOWN}]+", lambda m: f" {' '.join(_SUBSCRIPTS[c] for c in m[0])} "),
    _rule("small power", rf"(?<=[\w)])[{_UP}]+", lambda m: _power("".join(_SUPERSCRIPTS[c] for c in m[0]))),
    _rule("power", r"(?<=[\w)])\^\{?([-−]?\d+|[A-Za-z])\b\}?", lambda m: _power(m[1].replace("−", "-"))),
    _rule("square root", r"√\(?", " the square root of "),
    # Before numbers, whose words are set apart by spaces.
    _rule("bracket as pause", r"\s[(\[{](?=[\w√−\-.])|(?<=[\w%])[)\]}](?=[\s.,;:!?]|$)", ", "),
    # Numbers.
    _rule(
        "thousands",
        r"(?<![\w.,])\d{1,3}(?:[,\u202f\u2009]\d{3})+(?![\d,])",
        lambda m: re.sub(r"\D", "", m[0]),
    ),
    _rule("scientific", rf"(?<![\w.])({_NUMBER})[eE]([-−+]?)0*(\d+)\b", _scientific),
    _rule("money", rf"({_any_of(_MONEY)})({_NUMBER})", _money),
    _rule("percent", rf"({_NUMBER})\s?%", r"\1 percent "),
    _rule("range", r"(?<=\d)\s?–\s?(?=\d)", " to "),
    _rule("negative", r"(?<![\w)\-])-(?=\.?\d)", " minus "),
    _rule("ordinal", r"\b(\d{1,15})(?:st|nd|rd|th)\b", lambda m: ordinal(int(m[1]))),
    _rule("numbered", r"#(?=\d)", " number "),
    _rule("time or ratio", r"(?<=\d)[:\-](?=\d)", " "),
    _rule("fraction", r"(?<=\w)/(?=\d)|(?<=\d)/(?=\w)|\s/\s", " over "),
    _rule("bare decimal", r"(?<![\w.])\.(?=\d)", "0."),
    _rule("number", r"[0-9]+(?:\.[0-9]+)*", _digits),
    _rule("other digits", r"\d+", lambda m: f" {digit_by_digit(m[0])} "),
    # Marks that are pauses, and symbols that are words.
    _rule("ellipsis at an end", r"(?:…|\.{2,})(?=\s*[A-Z])", ". "),
    _rule("ellipsis", r"…|\.{2,}", ", "),
    _rule("dash", r"\s*[—–]\s*|\s-+\s|--+", ", "),
    _rule("slash", r"/", " "),
    _rule("underscore", r"_+", " "),
    _rule("symbol", _any_of(_SYMBOLS), lambda m: f" {_SYMBOLS[m[0]]} "),
    _rule("small digits", rf"[{_UP}]", lambda m: f" {_SUPERSCRIPTS[m[0]].strip('+-')} "),
    _rule("small digits in words", r"[0-9]", lambda m: f" {cardinal(int(m[0]))} "),
    _rule("Greek letter", r"(?<![Ͱ-Ͽἀ-῿])[Α-Ωα-ωϵϕ](?![Ͱ-Ͽἀ-῿])", _greek),
    _rule("unknown symbol", r"([^\w\s.,;:!?'\-])\1*", _unknown),
    # Tidying.
    _rule("very long word", r"(\w{40})(?=\w)", r"\1 "),
    _rule("lone hyphen", r"(?<!\w)-+|-+(?!\w)", " "),
    _rule("lone apostrophe", r"(?<!\w)'+|'+(?!\w)", " "),
    _rule("spaces", r"\s+", " "),
    _rule("repeated marks", r"\s*([.,;:!?])(?:\s*[.,;:!?])*(?=\s*[.!?])|\s+(?=[.,;:!?])", ""),
    _rule("comma runs", r"([,;:])(?:\s*[,;:])+", r"\1"),
    _rule("edges", r"^[\s.,;:!?]+|[\s,;:]+$", ""),
)


def spoken(text: str) -> str:
    """`text` as an English speaker would say it; empty when it holds nothing speakable.

    What comes out is plain words: a prompt cannot reach an engine's own markup (Piper's `[[phonemes]]`).
    """
    text = unicodedata.normalize("NFC", text)
    text = "".join(c if c.isspace() or unicodedata.category(c)[0] != "C" else " " for c in text)
    for rule in RULES:
        text = rule.pattern.sub(rule.to, text)
    return text


def spoken_words(text: str) -> list[str]:
    """The words of a spoken text without their punctuation: what an engine gives times for."""
    return [word for part in text.split() if (word := part.strip(".,;:!?'-"))]
