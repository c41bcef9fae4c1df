"""Written form → spoken form: `√d_k` → "the square root of d k", `3 %` → "three percent".

Captions show the written form; engines get the spoken one: only words and the marks . , ; : ! ? ' -
A rule is one row of `RULES`, which has a table for each language; they run from top to bottom over the whole
text. A new one needs its own test.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from voiceover.languages import WORDINGS, Wording

__all__ = ["RULES", "VERSION", "Rule", "spoken", "spoken_words"]

VERSION = "2"
"""Part of a cached sound's key: change it whenever a rule changes."""

_SUPERSCRIPTS = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿᵏˣᵈⁱʲ", "0123456789+-nkxdij", strict=True))
_SUBSCRIPTS = dict(zip("₀₁₂₃₄₅₆₇₈₉ᵢⱼₖₙₜᵥₓ", "0123456789ijkntvx", strict=True))
_UP, _DOWN = "".join(_SUPERSCRIPTS), "".join(_SUBSCRIPTS)
_OPENING, _CLOSING = "‘“„‚«»", "’”“‘»«"  # of any language
_CURRENCY = "[$€£]"


@dataclass(frozen=True)
class Rule:
    """One rewriting: each match of `pattern` becomes `to`, a template or a function of the match."""

    name: str
    pattern: re.Pattern[str]
    to: str | Callable[[re.Match[str]], str]


def _rule(name: str, pattern: str, to: str | Callable[[re.Match[str]], str]) -> Rule:
    return Rule(name, re.compile(pattern), to)


def _any_of(*tables: Mapping[str, str]) -> str:
    return f"[{re.escape(''.join(sign for table in tables for sign in table))}]"


def _greek(match: re.Match[str]) -> str:
    return f" {unicodedata.name(match[0]).rsplit('LETTER ', 1)[-1].split(' WITH ')[0].lower()} "


def _rules(w: Wording) -> tuple[Rule, ...]:
    """The rules with one language's words."""
    point, comma = re.escape(w.decimal), re.escape(w.thousands)
    number = rf"\d+(?:{point}\d+)?"

    def power(exponent: str) -> str:
        """ "2" → "squared", "-3" → "to the minus 3", "n" → "to the n"."""
        if exponent in ("2", "3"):
            return f" {w.squared if exponent == '2' else w.cubed} "
        sign = f"{w.minus} " if exponent.startswith("-") else ""
        return f" {w.power} {sign}{' '.join(re.findall('[0-9]+|[a-z]', exponent.lower()))} "

    def mark_names(match: re.Match[str]) -> str:
        return f" {' '.join(w.marks.get(c) or w.symbols[c] for c in match[1])} "

    def scientific(match: re.Match[str]) -> str:
        sign = f"{w.minus} " if match[2] in ("-", "−") else ""
        return f"{match[1]} {w.times_ten} {sign}{match[3]}"

    def digits(match: re.Match[str]) -> str:
        """A number in words; one with other dots ("3.11.2") is a version, read part by part."""
        parts = match[0].split(".")
        if len(parts) > (2 if w.decimal == "." else 1):
            return f" {f' {w.dot} '.join(w.number(part) for part in parts)} "
        return f" {w.number(match[0])} "

    def unknown(match: re.Match[str]) -> str:
        """A symbol no rule knows gets a name (emoji, arrows); other signs are dropped."""
        return f" {w.unknown(match[1]) if unicodedata.category(match[1]) in ('So', 'Sm', 'Sc') else ''} "

    return (
        # Quotes, and tokens shown between them.
        _rule("apostrophe", r"(?<=\w)[’ʼ](?=\w)", "'"),
        _rule("quoted space", rf"[{_OPENING}]\s+[{_CLOSING}]", f" {w.space} "),
        _rule(
            "quoted marks",
            rf"[{_OPENING}]\s*({_any_of(w.marks, w.symbols)}{{1,4}})\s*[{_CLOSING}]",
            mark_names,
        ),
        _rule("leading visible space", rf"␣+(?=[^\s␣{_CLOSING}])", " "),
        _rule("visible space", r"␣", f" {w.space} "),
        _rule("visible newline", r"[⏎↵␤¶]", f" {w.new_line} "),
        _rule("visible tab", r"[⇥␉]", f" {w.tab} "),
        _rule("quotes", r"[‘’‚‛“”„‟«»‹›\"`]|(?<!\w)'|'(?!\w)", " "),
        # Names and short forms.
        *(_rule(*row) for row in w.names),
        # Formulas.
        _rule(
            "transpose",
            r"([A-Z]+)\s?(?:ᵀ|\^T\b|⊤|\^⊤)",
            lambda m: f"{' '.join(m[1])} {w.transposed} ",
        ),
        _rule("subscript", r"\b([A-Za-z])_\{?([A-Za-z0-9]+)\}?", r"\1 \2"),
        _rule("small subscript", rf"[{_DOWN}]+", lambda m: f" {' '.join(_SUBSCRIPTS[c] for c in m[0])} "),
        _rule(
            "small power", rf"(?<=[\w)])[{_UP}]+", lambda m: power("".join(_SUPERSCRIPTS[c] for c in m[0]))
        ),
        _rule("power", r"(?<=[\w)])\^\{?([-−]?\d+|[A-Za-z])\b\}?", lambda m: power(m[1].replace("−", "-"))),
        _rule("square root", r"√\(?", f" {w.root} "),
        # Before numbers, whose words are set apart by spaces.
        _rule("bracket as pause", r"\s[(\[{](?=[\w√−\-.])|(?<=[\w%])[)\]}](?=[\s.,;:!?]|$)", ", "),
        # Numbers.
        _rule(
            "thousands",
            rf"(?<![\w.,])\d{{1,3}}(?:[{comma}\u202f\u2009]\d{{3}})+(?![\d{comma}])",
            lambda m: re.sub(r"\D", "", m[0]),
        ),
        _rule("scientific", rf"(?<![\w.])({number})[eE]([-−+]?)0*(\d+)\b", scientific),
        _rule("money", rf"({_CURRENCY})({number})", lambda m: f" {w.money(m[1], m[2])} "),
        _rule("percent", rf"({number})\s?%", rf"\1 {w.percent} "),
        _rule("range", r"(?<=\d)\s?–\s?(?=\d)", f" {w.to} "),
        _rule("negative", rf"(?<![\w)\-])-(?={point}?\d)", f" {w.minus} "),
        *(_rule(*row) for row in w.numerals),
        _rule("numbered", r"#(?=\d)", f" {w.numbered} "),
        _rule("time or ratio", r"(?<=\d)[:\-](?=\d)", " "),
        _rule("fraction", r"(?<=\w)/(?=\d)|(?<=\d)/(?=\w)|\s/\s", f" {w.over} "),
        _rule("bare decimal", rf"(?<![\w.,]){point}(?=\d)", f"0{w.decimal}"),
        _rule("number", rf"[0-9]+(?:{point}[0-9]+)?(?:\.[0-9]+)*", digits),
        _rule("other digits", r"\d+", lambda m: f" {w.digits(m[0])} "),
        # Marks that are pauses, and symbols that are words.
        _rule("ellipsis at an end", r"(?:…|\.{2,})(?=\s*[A-Z])", ". "),
        _rule("ellipsis", r"…|\.{2,}", ", "),
        _rule("dash", r"\s*[—–]\s*|\s-+\s|--+", ", "),
        _rule("slash", r"/", " "),
        _rule("underscore", r"_+", " "),
        _rule("symbol", _any_of(w.symbols), lambda m: f" {w.symbols[m[0]]} "),
        _rule("small digits", rf"[{_UP}]", lambda m: f" {_SUPERSCRIPTS[m[0]].strip('+-')} "),
        _rule("small digits in words", r"[0-9]", lambda m: f" {w.cardinal(int(m[0]))} "),
        _rule("Greek letter", r"(?<![Ͱ-Ͽἀ-῿])[Α-Ωα-ωϵϕ](?![Ͱ-Ͽἀ-῿])", _greek),
        _rule("unknown symbol", r"([^\w\s.,;:!?'\-])\1*", unknown),
        # Tidying.
        _rule("very long word", r"(\w{40})(?=\w)", r"\1 "),
        _rule("lone hyphen", r"(?<!\w)-+|-+(?!\w)", " "),
        _rule("lone apostrophe", r"(?<!\w)'+|'+(?!\w)", " "),
        _rule("spaces", r"\s+", " "),
        _rule("repeated marks", r"\s*([.,;:!?])(?:\s*[.,;:!?])*(?=\s*[.!?])|\s+(?=[.,;:!?])", ""),
        _rule("comma runs", r"([,;:])(?:\s*[,;:])+", r"\1"),
        _rule("edges", r"^[\s.,;:!?]+|[\s,;:]+$", ""),
    )


RULES: dict[str, tuple[Rule, ...]] = {language: _rules(wording) for language, wording in WORDINGS.items()}


def spoken(text: str, language: str = "en") -> str:
    """`text` as a speaker of `language`, a key of `WORDINGS`, would say it; empty when nothing is speakable.

    What comes out is plain words: a prompt cannot reach an engine's own markup (Piper's `[[phonemes]]`).
    """
    text = unicodedata.normalize("NFC", text)
    text = "".join(c if c.isspace() or unicodedata.category(c)[0] != "C" else " " for c in text)
    for rule in RULES[language]:
        text = rule.pattern.sub(rule.to, text)
    return text


def spoken_words(text: str) -> list[str]:
    """The words of a spoken text without their punctuation: what an engine gives times for."""
    return [word for part in text.split() if (word := part.strip(".,;:!?'-"))]
