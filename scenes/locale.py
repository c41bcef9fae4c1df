"""A language and the level of its words, as a value: whoever writes a text is handed its locale.

    locale = Locale("de")
    locale.label("transcript.length", time="2:05")   → "Länge: 2:05"

`words.toml` beside this file has the words that are no chapter's own, in every language; numbers and plural
forms are Unicode's CLDR, as Babel has it. A new language is a table there, its words in every chapter's
`words.toml`, and its numbers and symbols in `voiceover.languages`. Imports no manim.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import babel
from babel.numbers import parse_decimal

from scenes.template import Field, parsed

LEVELS = ("story", "math", "full")

_FILE = Path(__file__).with_name("words.toml")
_WORDS: dict[str, Any] = tomllib.loads(_FILE.read_text(encoding="utf-8"))
LANGUAGES: tuple[str, ...] = tuple(_WORDS["languages"])  # ISO 639-1, as in --language

_PLURALS = ("zero", "one", "two", "few", "many", "other")  # CLDR's order
_Part = TypeVar("_Part")


@dataclass(frozen=True)
class Locale:
    """A language, one of `LANGUAGES`, and a level, one of `LEVELS`.

    With `heard`, it is told as to one who sees no picture.
    """

    language: str
    level: str = "full"
    heard: bool = False

    def __post_init__(self) -> None:
        for what, value, known in (("language", self.language, LANGUAGES), ("level", self.level, LEVELS)):
            if value not in known:
                raise ValueError(f"{what} {value!r}: there are {', '.join(known)}")

    @property
    def name(self) -> str:
        """The language's name for itself."""
        return str(_language(self.language)["name"])

    @property
    def iso639_2(self) -> str:
        """The three letters that an MP4 wants."""
        return str(_language(self.language)["iso639_2"])

    @property
    def babel(self) -> babel.Locale:
        return _babel(self.language)

    def quoted(self, text: str) -> str:
        first, last = _language(self.language)["quotes"]
        return f"{first}{text}{last}"

    def named(self, token: str) -> str | None:
        """What a sentence calls a token that it does not quote, such as a comma; None for any other."""
        names = _WORDS["tokens"].get(token)
        return None if names is None else str(names[self.language])

    def placed(self, text: str, case: str, first: bool) -> str:
        """A token's name in a case, such as "dative", and with a capital where a sentence begins with it.

        Any other text, such as a quoted token, stays as it is.
        """
        for names in _WORDS["tokens"].values():
            own = str(names[self.language])
            if text == own or text.startswith(f"{own} "):  # which one it is may follow
                text = str(names.get(f"{self.language}_{case}", own)) + text[len(own) :]
                return text[0].upper() + text[1:] if first else text
        return text

    def numbered(self, token: int) -> str:
        """What a sentence calls a token of a model without a tokenizer."""
        return str(_language(self.language)["token"]).format(id=token)

    def label(self, key: str, **fields: str) -> str:
        """Words that are no chapter's own, such as "transcript.title"."""
        return "".join(self.phrase(key, **fields))

    def phrase(self, key: str, **readings: _Part) -> list[str | _Part]:
        """The same with readings among the words, in the language's order."""
        return self.filled(_WORDS["labels"][key][self.language], readings)

    def filled(self, template: str, readings: Mapping[str, _Part]) -> list[str | _Part]:
        """A template's words with its readings among them; cues say nothing."""
        parts, words = list[str | _Part](), ""
        for part in parsed(template):
            if isinstance(part, str):
                words += part
            elif isinstance(part, Field) and part.forms:
                words += self.plural(str(readings[part.name]), part.forms)
            elif isinstance(part, Field):
                parts += [words] * bool(words) + [readings[part.name]]
                words = ""
        return parts + [words] * bool(words)

    def plural(self, count: str, forms: tuple[str, ...]) -> str:
        """The form that goes with a count as it is written, of as many forms as the language has."""
        category = self.babel.plural_form(parse_decimal(count, locale=self.babel))
        return forms[self.plurals.index(category)]

    @property
    def plurals(self) -> list[str]:
        """The plural categories that the language has, in CLDR's order."""
        return [name for name in _PLURALS if name == "other" or name in self.babel.plural_form.tags]


@cache
def _babel(language: str) -> babel.Locale:
    return babel.Locale.parse(language)


def _language(language: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = _WORDS["languages"][language]
    return found
