"""Text ↔ ids ↔ bytes for byte-level byte-pair encodings (GPT-2's)."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise

from tokenizers import Tokenizer

from llmtrace.errors import NotTextError


@cache
def byte_of_letter() -> dict[str, int]:
    """GPT-2's table of printable stand-ins, inverted: the letter a vocabulary writes → the byte it means.

    Printable bytes of Latin-1 stand for themselves; the other 68 take the letters from U+0100 on, in order
    (Radford et al. 2019, the released encoder).
    """
    printable = {*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)}
    others = (b for b in range(256) if b not in printable)
    return {chr(b): b for b in printable} | {chr(0x100 + n): b for n, b in enumerate(others)}


def encode(tokenizer: Tokenizer, text: str) -> list[int]:
    """The ids of a text. Special tokens written out in it, like `<|endoftext|>`, stay plain text.

    Raises `NotTextError` for text that is not valid Unicode (lone surrogates).
    """
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise NotTextError(
            f"the prompt is not valid Unicode at character {error.start + 1}; save it as UTF-8 and try again"
        ) from None
    tokenizer.encode_special_tokens = True
    return list(tokenizer.encode(text, add_special_tokens=False).ids)


def vocabulary(tokenizer: Tokenizer, size: int) -> list[bytes]:
    """The bytes that each id from 0 to `size` − 1 stands for; empty for an id that has no entry."""
    letters = byte_of_letter()
    special = {index: token.content for index, token in tokenizer.get_added_tokens_decoder().items()}
    entries: list[bytes] = []
    for index in range(size):
        text = tokenizer.id_to_token(index)
        if index in special or text is None:
            entries.append(special.get(index, "").encode())
        elif all(letter in letters for letter in text):
            entries.append(bytes(letters[letter] for letter in text))
        elif re.fullmatch(r"<0x[0-9A-F]{2}>", text):  # SentencePiece's spelling of a single byte
            entries.append(bytes([int(text[3:5], 16)]))
        elif "▁" in text:  # and of a space
            entries.append(text.replace("▁", " ").encode())
        else:
            entries.append(text.encode())
    return entries


def spans(tokens: list[bytes], prompt: str | None) -> tuple[tuple[int, int], ...]:
    """Each token's (start, end) in the bytes of the prompt; where the tokens spell another text, none."""
    if prompt is not None and b"".join(tokens) != prompt.encode():
        return ()
    ends: list[int] = [0]
    for token in tokens:
        ends.append(ends[-1] + len(token))
    return tuple(pairwise(ends))
