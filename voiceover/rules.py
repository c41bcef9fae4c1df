"""The rules that turn written text into spoken text, in the order in which they run.

A new one needs its own test.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from itertools import groupby

from voiceover.languages import WORDINGS, Wording
from voiceover.rewriting import Rewriting

__all__ = ["RULES"]

_SUPERSCRIPTS = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿᵏˣᵈⁱʲ", "0123456789+-nkxdij", strict=True))
_SUBSCRIPTS = dict(zip("₀₁₂₃₄₅₆₇₈₉ᵢⱼₖₙₜᵥₓ", "0123456789ijkntvx", strict=True))
_UP, _DOWN = "".join(_SUPERSCRIPTS), "".join(_SUBSCRIPTS)
_OPENING, _CLOSING = "‘“„‚«»", "’”“‘»«"  # of any language
_VULGAR = "¼½¾⅐⅑⅒⅓⅔⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞"
_VARIATIONS = "".join(map(chr, range(0xFE00, 0xFE10)))  # how an emoji looks: no letter's mark
_NAMED_AT_MOST = 8  # marks of a token that is only marks, a run of one and the same counting once


def _rule(name: str, pattern: str, to: str | Callable[[re.Match[str]], str]) -> Rewriting:
    return Rewriting(name, re.compile(pattern), to)


def _any_of(*tables: Mapping[str, str]) -> str:
    return f"[{re.escape(''.join(sign for table in tables for sign in table))}]"


def _greek(match: re.Match[str]) -> str:
    return f" {unicodedata.name(match[0]).rsplit('LETTER ', 1)[-1].split(' WITH ')[0].lower()} "


def _rules(w: Wording) -> tuple[Rewriting, ...]:
    """The rules with one language's words."""
    return (
        *_quotes(w),
        *_signs_of_numbers(w),
        *(_rule(*row) for row in w.names),
        *(_rule(*row) for row in w.numerals),  # into words: no later rule reads them again
        *_formulas(w),
        *_counts(w),
        *_marks(w),
        *_TIDYING,
    )


def _quotes(w: Wording) -> tuple[Rewriting, ...]:
    """Quotes, and tokens shown between them."""

    def mark_names(match: re.Match[str]) -> str:
        runs = [(w.marks.get(c) or w.symbols[c], len(list(run))) for c, run in groupby(match[1])]
        return f" {' '.join(repeated(name, many) for name, many in runs[:_NAMED_AT_MOST])} "

    def repeated(name: str, many: int) -> str:
        return ", ".join([name, w.times(many)]) if many > 2 else " ".join([name] * many)

    def run(match: re.Match[str]) -> str:
        """ "======" → "equals, six times", and so for a pattern such as "=-=-=-"."""
        if not set(match[1]) & set(w.symbols):
            return match[0]  # a dash, or a line to write on
        names = " ".join(w.symbols.get(c) or w.marks[c] for c in match[1])
        return f", {names}, {w.times(len(match[0]) // len(match[1]))}, "

    return (
        _rule("apostrophe", r"(?<=\w)[’ʼ](?=\w)", "'"),
        _rule("run of a mark", rf"([{re.escape(''.join(w.symbols))}\-_:]{{1,3}}?)\1{{2,}}", run),
        _rule("quoted space", rf"[{_OPENING}]\s+[{_CLOSING}]", f" {w.space} "),
        _rule(
            "quoted marks",
            rf"[{_OPENING}]\s*({_any_of(w.marks, w.symbols)}+)\s*[{_CLOSING}]",
            mark_names,
        ),
        # The lesson's own: 1945 would be a year.
        _rule(
            "id of a token",
            rf"([{_CLOSING}] {w.is_} )(\d{{1,15}})(?=[.,;:]?(?:\s|$))",
            lambda m: f"{m[1]}{w.numbers.cardinal(int(m[2]))}",
        ),
        _rule("leading visible space", rf"␣+(?=[^\s␣{_CLOSING}])", " "),
        _rule("visible space", r"␣", f" {w.space} "),
        _rule("visible newline", r"[⏎↵␤¶]", f" {w.new_line} "),
        _rule("visible tab", r"[⇥␉]", f" {w.tab} "),
        _rule("quotes", r"[‘’‚‛“”„‟«»‹›\"`]|(?<!\w)'|'(?!\w)", " "),
    )


def _signs_of_numbers(w: Wording) -> tuple[Rewriting, ...]:
    """Signs that belong to the number beside them."""

    def vulgar(match: re.Match[str]) -> str:
        """ "2½" → "2 1/2"."""
        written = unicodedata.normalize("NFKC", match[2]).replace("\N{FRACTION SLASH}", "/")
        return f"{match[1]} {written}" if match[1] else written

    point = re.escape(w.numbers.decimal)
    dash, unit = r"(?:-|\s?–\s?)", r"[^\d\s.,;:!?()\-–][^\d\s,;:!?()\-–]{0,5}"
    money = r"(?:[A-Z]{0,2}[$€£¥₹]\s?)"
    return (
        _rule("vulgar fraction", rf"(\d?)([{_VULGAR}])", vulgar),
        _rule("range", r"(?<=\d)\s?–\s?(?=\d)", f" {w.to} "),
        _rule("range of money", rf"(?<=\d)([A-Za-z]{{0,2}}){dash}(?={money}{point}?\d)", rf"\1 {w.to} "),
        # A unit of letters has to stand after both numbers: "9c-2" is no range.
        _rule(
            "range of quantities",
            rf"(?<=\d)(\s?(?:[%‰€$£¥₹¢°]|({unit})(?={dash}[-−]?{point}?\d[\d.,]*\s?\2(?!\w))))"
            rf"{dash}(?=[-−]?{money}?{point}?\d)",
            rf"\1 {w.to} ",
        ),
        _rule("negative", rf"(?<![\w)\-^{{])-(?=[$€£¥₹]?{point}?\d)", f"{w.minus} "),
    )


def _formulas(w: Wording) -> tuple[Rewriting, ...]:
    """Letters and numbers as mathematics writes them."""

    def power(exponent: str) -> str:
        """ "2" → "squared", "-3" → "to the minus 3", "n" → "to the n"."""
        if exponent in ("2", "3"):
            return f" {w.squared if exponent == '2' else w.cubed} "
        sign = f"{w.minus} " if exponent.startswith("-") else ""
        return f" {w.power} {sign}{' '.join(re.findall('[0-9]+|[a-z]', exponent.lower()))} "

    return (
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
    )


def _counts(w: Wording) -> tuple[Rewriting, ...]:
    """Numbers, digit groups and what joins them."""
    point, comma = re.escape(w.numbers.decimal), re.escape(w.numbers.thousands)
    number = rf"\d+(?:{point}\d+)?"

    def scientific(match: re.Match[str]) -> str:
        sign = f"{w.minus} " if match[2] in ("-", "−") else ""
        return f"{match[1]} {w.times_ten} {sign}{match[3]}"

    def digits(match: re.Match[str]) -> str:
        """A number in words; one with other dots ("3.11.2") is a version, read part by part."""
        parts = match[0].split(".")
        if len(parts) > (2 if w.numbers.decimal == "." else 1):
            return f" {f' {w.dot} '.join(w.numbers.number(part) for part in parts)} "
        return f" {w.numbers.number(match[0])} "

    return (
        _rule(
            "thousands",
            rf"(?<![\w.,])\d{{1,3}}(?:(?:[{comma}\u202f\u2009']\d{{3}})+|(?: \d{{3}}){{2,}})(?!{comma}?\d)",
            lambda m: re.sub(r"\D", "", m[0]),
        ),
        _rule("scientific", rf"(?<![\w.])({number})[eE]([-−+]?)0*(\d+)\b", scientific),
        _rule("percent", rf"({number})\s?%", rf"\1 {w.percent} "),
        _rule("numbered", r"[#№]\s?(?=\d)", f" {w.numbered} "),
        _rule("digits apart", r"(?<=\d)[:\-](?=\d)", " "),
        _rule("fraction", r"(?<=\w)/(?=\d)|(?<=\d)/(?=\w)|\s/\s", f" {w.over} "),
        _rule("bare decimal", rf"(?<![\w.,]){point}(?=\d)", f"0{w.numbers.decimal}"),
        _rule("number", rf"[0-9]+(?:{point}[0-9]+)?(?:\.[0-9]+)*", digits),
        _rule("other digits", r"\d+", lambda m: f" {w.numbers.digits(m[0])} "),
    )


def _marks(w: Wording) -> tuple[Rewriting, ...]:
    """Marks that are pauses, and symbols that are words."""

    def unknown(match: re.Match[str]) -> str:
        """A symbol no rule knows gets a name (emoji, arrows), the marks of a letter stay with it (ते), other
        signs are dropped."""
        kind = unicodedata.category(match[1])
        if kind[0] == "M":
            before = unicodedata.category(match.string[match.start() - 1 : match.start()] or " ")[0]
            return match[0] if before in "LM" and kind != "Me" and match[1] not in _VARIATIONS else ""
        return f" {w.unknown(match[1]) if kind in ('So', 'Sm', 'Sc') else ''} "

    return (
        _rule("dot before a name", r"(?<![\w.])\.(?=[^\W\d])", f" {w.name_dot} "),
        _rule(
            "dot in a name", r"(?<=[a-z\d]{2})\.(?=[a-z]{2})|(?<=[A-Za-z])\.(?=[A-Z]{2})", f" {w.name_dot} "
        ),
        _rule("sentence without a space", r"(?<=[^\W\d_]{2})([.,;:!?])(?=[^\W\d_]{2})", r"\1 "),
        _rule("mark without a space", r"(?<=\s)([,;:!?])(?=\w)", r"\1 "),
        _rule("ellipsis at an end", r"(?:…|\.{2,})(?=\s*[A-Z])", ". "),
        _rule("ellipsis", r"…|\.{2,}", ", "),
        _rule("dash", r"\s*[—–]\s*|\s-+\s|--+", ", "),
        _rule("slash", r"/", " "),
        _rule("underscore", r"_+", " "),
        _rule("symbol", _any_of(w.symbols), lambda m: f" {w.symbols[m[0]]} "),
        _rule("small digits", rf"[{_UP}]", lambda m: f" {_SUPERSCRIPTS[m[0]].strip('+-')} "),
        _rule("small digits in words", r"[0-9]", lambda m: f" {w.numbers.cardinal(int(m[0]))} "),
        _rule("Greek letter", r"(?<![Ͱ-Ͽἀ-῿])[Α-Ωα-ωϵϕ](?![Ͱ-Ͽἀ-῿])", _greek),
        _rule("unknown symbol", r"([^\w\s.,;:!?'\-])\1*", unknown),
    )


_TIDYING = (
    _rule("very long word", r"(\w{40})(?=\w)", r"\1 "),
    _rule("lone hyphen", r"(?<!\w)-+|-+(?!\w)", " "),
    _rule("lone apostrophe", r"(?<!\w)'+|'+(?!\w)", " "),
    _rule("spaces", r"\s+", " "),
    _rule("repeated marks", r"\s*([.,;:!?])(?:\s*[.,;:!?])*(?=\s*[.!?])|\s+(?=[.,;:!?])", ""),
    _rule("comma runs", r"([,;:])(?:\s*[,;:])+", r"\1"),
    _rule("edges", r"^[\s.,;:!?]+|[\s,;:]+$", ""),
)

RULES: dict[str, tuple[Rewriting, ...]] = {
    language: _rules(wording) for language, wording in WORDINGS.items()
}
