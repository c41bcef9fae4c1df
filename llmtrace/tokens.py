"""Text → ids → the bytes that they stand for, by the scheme that a tokenizer writes its vocabulary in."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from llmtrace.errors import NotTextError
from llmtrace.meta import Spelling

if TYPE_CHECKING:
    from tokenizers import Tokenizer

Spans = tuple[tuple[int, int], ...]

_BYTE = re.compile(r"<0x([0-9A-F]{2})>")  # SentencePiece's name of a single byte
# What parts a text in pieces and keeps every character; others drop the white space between words.
_KEEPING = {"ByteLevel", "Split", "Digits", "Punctuation", "UnicodeScripts", "Sequence"}


@dataclass(frozen=True)
class Encoded:
    """A text's ids, where each stands in it (characters), and the places of those that a template put in."""

    ids: list[int]
    offsets: list[tuple[int, int]]
    added: tuple[int, ...]


def encode(tokenizer: Tokenizer, text: str) -> Encoded:
    """The ids of a text, those that `transformers.AutoTokenizer` gives: with the tokenizer's own template.

    What was for training alone is off: truncation, padding, and dropout of merges. Raises `NotTextError` for
    text that is not valid Unicode (lone surrogates).
    """
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise NotTextError(
            f"the prompt is not valid Unicode at character {error.start + 1}; save it as UTF-8 and try again"
        ) from None
    tokenizer.no_truncation()
    tokenizer.no_padding()
    if getattr(tokenizer.model, "dropout", None):
        tokenizer.model.dropout = None
    found = tokenizer.encode(text)
    added = tuple(place for place, special in enumerate(found.special_tokens_mask) if special)
    return Encoded(list(found.ids), list(found.offsets), added)


def written(tokenizer: Tokenizer) -> dict[str, Any]:
    """The tokenizer as its file has it."""
    result: dict[str, Any] = json.loads(tokenizer.to_str())
    return result


def _parts(component: Any) -> Iterator[dict[str, Any]]:
    """A component of a tokenizer, and all that it is made of."""
    if isinstance(component, dict):
        yield component
        for inner in component.values():
            yield from _parts(inner)
    elif isinstance(component, list):
        for inner in component:
            yield from _parts(inner)


def _types(component: Any) -> set[str]:
    return {part["type"] for part in _parts(component) if isinstance(part.get("type"), str)}


@dataclass(frozen=True)
class Scheme:
    """How a vocabulary writes bytes; told by the tokenizer's components, never by an entry's looks."""

    letters: bool  # each letter stands for a byte, as in GPT-2
    byte_names: bool  # "<0xE6>" is a byte, as in Llama
    space: str  # what stands for a space: "▁", or nothing
    prefix: str  # before a piece that goes on a word: "##"
    suffix: str  # after a piece that ends one: "</w>"

    @classmethod
    def of(cls, tokenizer: Mapping[str, Any]) -> Scheme:
        model = tokenizer["model"]
        parts = [tokenizer.get(name) for name in ("normalizer", "pre_tokenizer", "decoder")]
        types = _types(parts)
        wordpiece = model.get("type") == "WordPiece" or "WordPiece" in types
        prefix = model.get("continuing_subword_prefix") or ("##" if wordpiece else "")
        return cls(
            letters="ByteLevel" in types,
            byte_names="ByteFallback" in types or bool(model.get("byte_fallback")),
            space=next(filter(None, map(_space, _parts(parts))), ""),
            prefix=prefix,
            suffix=model.get("end_of_word_suffix") or "",
        )

    def bytes_of(self, entry: str) -> bytes:
        letters = byte_of_letter()
        if self.letters and all(letter in letters for letter in entry):
            return bytes(letters[letter] for letter in entry)
        if self.byte_names and (name := _BYTE.fullmatch(entry)):
            return bytes([int(name[1], 16)])
        entry = entry.removeprefix(self.prefix) if entry != self.prefix else entry
        if self.suffix and entry.endswith(self.suffix):
            entry = entry.removesuffix(self.suffix) + " "
        return (entry.replace(self.space, " ") if self.space else entry).encode()


def _space(part: dict[str, Any]) -> str:
    """What a component writes for a space; empty for one that writes nothing for it."""
    if part.get("type") == "Metaspace":
        return str(part["replacement"])
    if part.get("type") == "Replace":
        pattern, content = part["pattern"].get("String"), part["content"]
        return next((to for of, to in ((pattern, content), (content, pattern)) if of == " " and to), "")
    return ""


@cache
def byte_of_letter() -> dict[str, int]:
    """GPT-2's table of printable stand-ins, inverted: the letter a vocabulary writes → the byte it means.

    Printable bytes of Latin-1 stand for themselves; the other 68 take the letters from U+0100 on, in order
    (Radford et al. 2019, the released encoder).
    """
    printable = {*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)}
    others = (b for b in range(256) if b not in printable)
    return {chr(b): b for b in printable} | {chr(0x100 + n): b for n, b in enumerate(others)}


def vocabulary(tokenizer: Tokenizer, scheme: Scheme, size: int) -> list[bytes]:
    """The bytes that each id from 0 to `size` − 1 stands for; empty for an id that has no entry."""
    added = {index: token.content for index, token in tokenizer.get_added_tokens_decoder().items()}
    entries: list[bytes] = []
    for index in range(size):
        entry = tokenizer.id_to_token(index)
        if index in added or entry is None:
            entries.append(added.get(index, "").encode())
        else:
            entries.append(scheme.bytes_of(entry))
    return entries


def spelling(tokenizer: Tokenizer, content: Mapping[str, Any], prompt: str, read: Encoded) -> Spelling:
    """What is to be known for tokens to spell a prompt: what the tokenizer changed, added and dropped."""
    scheme, model, pieces = Scheme.of(content), content["model"], content.get("pre_tokenizer")
    prefixed = any(p.get("type") == "ByteLevel" and p.get("add_prefix_space") for p in _parts(pieces))
    normalizers = _types(content.get("normalizer")) - {"Sequence", "ByteLevel"}
    unknown = model.get("unk_id")
    if unknown is None and model.get("unk_token") is not None:
        unknown = tokenizer.token_to_id(model["unk_token"])
    extra = tokenizer.get_added_tokens_decoder()
    text = _normalized(tokenizer, prompt, read, scheme, prefixed)
    drops = not _types(pieces) <= _KEEPING or any(p.get("behavior") == "Removed" for p in _parts(pieces))
    strips = any(extra[token].lstrip or extra[token].rstrip for token in read.ids if token in extra)
    return Spelling(
        added=read.added,
        normalizers=(*sorted(normalizers), *(("add_prefix_space",) if prefixed else ())),
        text=None if text == prompt else text,
        unknown=unknown,
        loose=drops or strips or bool(scheme.space or scheme.prefix or scheme.suffix),
    )


def _normalized(tokenizer: Tokenizer, prompt: str, read: Encoded, scheme: Scheme, prefixed: bool) -> str:
    """The prompt as the tokenizer's normalizers leave it, with what they write for a space as a space."""

    def normal(text: str) -> str:
        if text and tokenizer.normalizer is not None:
            text = tokenizer.normalizer.normalize_str(text)
            if "ByteLevel" in _types(json.loads(tokenizer.normalizer.__getstate__())):
                text = bytes(byte_of_letter()[letter] for letter in text).decode(errors="replace")
        text = text.replace(scheme.space, " ") if scheme.space else text
        return f" {text}" if prefixed and text and not text.startswith(" ") else text

    extra, text, end = tokenizer.get_added_tokens_decoder(), "", 0
    for place, (token, (start, stop)) in enumerate(zip(read.ids, read.offsets, strict=True)):
        # Tokens that are written out as such are cut out first, and what lies between them is normalized.
        if token in extra and place not in read.added and extra[token].content in prompt[start:stop]:
            text += normal(prompt[end:start]) + prompt[start:stop]
            end = stop
    return text + normal(prompt[end:])


def spans(tokens: Sequence[bytes], prompt: str | None, offsets: Sequence[tuple[int, int]] = ()) -> Spans:
    """Each token's (start, end) in the bytes of the prompt.

    `offsets` are those in its characters, for tokens that do not spell it byte for byte; a character of
    several tokens is then in the span of each.
    """
    if prompt is not None and b"".join(tokens) != prompt.encode():
        ends = [0]
        for character in prompt:
            ends.append(ends[-1] + len(character.encode()))
        return tuple((ends[start], ends[end]) for start, end in offsets)
    ends = [0]
    for token in tokens:
        ends.append(ends[-1] + len(token))
    return tuple(pairwise(ends))
