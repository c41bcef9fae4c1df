"""A chapter's `words.toml`: all that it says and labels, in every language and at every level.

    title = { en = "Tokens", de = "Tokens" }

    [beats.ids]
    en = "Each has a number in the vocabulary: {word} is {id}."
    en_heard = "Every token has a fixed number in its vocabulary: {word} is number {id}."

    [beats.cut.single]
    en = "The text is a single token."

    [labels]
    vocabulary = { en = "ids in a vocabulary of {count}", de = "Nummern in einem Vokabular von {count}" }

A beat's text stands below its name, or, where it depends on the trace, below the names of several texts, of
which its script chooses. `en` is what goes with the picture, `en_heard` what is told to one who sees none;
`en_story` and `en_math` stand where a level's text is another one. `scenes.template` has the form of a
text.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scenes.errors import ChapterError
from scenes.locale import LANGUAGES, LEVELS, Locale
from scenes.template import Field, cue_points, fields, own_number, parsed

OWN = ""  # the name of a beat's text where it has only one

_HEARD = "heard"
_KINDS = ("", _HEARD, *LEVELS[:-1])  # what stands behind a language: `en`, `en_heard`, `en_story`, `en_math`
_NEEDED = ("", _HEARD)  # of which every beat's text has these

Kinds = Mapping[str, str]  # a text by language and kind


@dataclass(frozen=True)
class _Rules:
    """Which languages a file has, and which kinds of every beat's text."""

    languages: tuple[str, ...] = LANGUAGES
    needed: tuple[str, ...] = _NEEDED

    @classmethod
    def of(cls, content: Mapping[str, Any]) -> _Rules:
        """Those of an own chapter: the languages of its title, and what is heard is what is read."""
        title = content.get("title")
        has = tuple(one for one in LANGUAGES if isinstance(title, Mapping) and one in title)
        return cls(has or LANGUAGES[:1], ("",))


@dataclass(frozen=True)
class Texts:
    """What a chapter's `words.toml` holds; `beats` has each beat's texts by their names."""

    title: Mapping[str, str]  # by language
    beats: Mapping[str, Mapping[str, Kinds]]
    labels: Mapping[str, Mapping[str, str]]  # by language
    alt: tuple[Mapping[str, str], ...] = ()  # by language; see `scenes.alt`

    def template(self, beat: str, name: str, locale: Locale) -> str:
        """A beat's text in a locale; raises `KeyError` where the beat has none of this name."""
        text = self.beats[beat][name]
        kind = _HEARD if locale.heard else locale.level
        return text.get(f"{locale.language}_{kind}", text[locale.language])


def read_texts(path: Path, *, own: bool = False) -> Texts:
    """Reads and checks a `words.toml`; raises `ChapterError` for the first thing that is wrong in it.

    `own`: of a chapter that is not ours, which needs no language but that of its lesson.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ChapterError(f"{path}: no such file; a chapter's words are there") from None
    except (OSError, ValueError) as error:
        raise ChapterError(f"{path}: cannot be read: {error}") from None
    for wrong in _wrong(content, _Rules.of(content) if own else _Rules()):
        raise ChapterError(f"{path}: {wrong}")
    beats = {beat: dict(_named(table)) for beat, table in content["beats"].items()}
    return Texts(content["title"], beats, content.get("labels", {}), tuple(content.get("alt", ())))


def _named(table: Mapping[str, Any]) -> Iterator[tuple[str, Kinds]]:
    """A beat's texts: its own, then those of the tables below it."""
    own = {key: value for key, value in table.items() if not isinstance(value, Mapping)}
    if own:
        yield OWN, own
    yield from ((name, value) for name, value in table.items() if isinstance(value, Mapping))


def _wrong(content: Mapping[str, Any], rules: _Rules) -> Iterator[str]:
    """What is wrong, thing by thing; each takes for granted that those before are right."""
    for part in ("title", "beats"):
        if not isinstance(content.get(part), Mapping):
            yield f"{part}: is missing"
    for part in content.keys() - {"title", "beats", "labels", "alt"}:
        yield f"{part}: no such part; there are title, beats, labels, alt"
    yield from _wrong_text("title", content["title"], ("",), rules)
    for label, text in content.get("labels", {}).items():
        yield from _wrong_text(f"labels.{label}", text, ("",), rules)
    for number, text in enumerate(content.get("alt", ()), 1):
        yield from _wrong_text(f"alt {number}", text, ("",), rules)
        for field in sorted({f for template in text.values() for f in fields(template)}):
            if field.partition(".")[0] not in content["beats"]:
                yield f"alt {number}: {{{field}}} names no beat"
    for beat, table in content["beats"].items():
        if not isinstance(table, Mapping):
            yield f"beats.{beat}: is no table"
        for name, text in _named(table):
            where = f"beats.{beat}.{name}" if name else f"beats.{beat}"
            yield from _wrong_text(where, text, _KINDS, rules)
            yield from _wrong_cues(where, text)


def _wrong_text(where: str, text: Any, kinds: tuple[str, ...], rules: _Rules) -> Iterator[str]:
    """What is wrong with one text; in all languages it has the same kinds, and each kind the same fields."""
    if not isinstance(text, Mapping):
        yield f"{where}: is no table with a text for each language, {', '.join(rules.languages)}"
        return
    known = {_key(language, kind): language for kind in kinds for language in rules.languages}
    for key, template in text.items():
        if key not in known:
            yield f"{where}: {key!r} is none of {', '.join(known)}"
        elif wrong := _wrong_template(template, Locale(known[key])):
            yield f"{where}: {key}: {wrong}"
    for kind in kinds:
        keys = [_key(language, kind) for language in rules.languages]
        if kind in rules.needed or any(key in text for key in keys):
            yield from (f"{where}: has no {key}" for key in keys if key not in text)
            yield from _differing(where, text, keys, fields, "fields")


def _wrong_cues(where: str, text: Kinds) -> Iterator[str]:
    """A picture waits for the same cues in every language and at every level; the ear for none."""
    shown = [key for key in text if not key.endswith(_HEARD)]
    yield from _differing(where, text, sorted(shown, key=len), cue_points, "cues")
    for key in text:
        if key not in shown and cue_points(text[key]):
            yield f"{where}: {key} has a cue, and there is no picture that waits"


def _differing(
    where: str, text: Kinds, keys: list[str], found: Callable[[str], set[str]], what: str
) -> Iterator[str]:
    for key in keys:
        if differing := found(text[key]) ^ found(text[keys[0]]):
            yield f"{where}: {key} and {keys[0]} have other {what}: {', '.join(sorted(differing))}"


def _wrong_template(template: Any, locale: Locale) -> str | None:
    if not isinstance(template, str) or not template or template.strip() != template:
        return "is no text, or begins or ends with a space"
    if own_number(template):
        return "holds a number, and a number is a reading"
    try:
        parts = list(parsed(template))
    except ValueError as error:
        return str(error)
    has = len(locale.plurals)
    for part in parts:
        if isinstance(part, Field) and part.forms and len(part.forms) != has:
            return f"{part.name} has {len(part.forms)} forms, and the language has {has}"
    return None


def _key(language: str, kind: str) -> str:
    return f"{language}_{kind}" if kind else language
