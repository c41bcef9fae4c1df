"""Text that Markdown, MDX, Liquid, Hugo and Quarto read as nothing but text."""

from __future__ import annotations

import re

from renders.publish.snippets.writing import inert
from voiceover.plain import plain_text

# Letters, digits, and what begins nothing in any of them where it stands: inside a number or a word,
_LEFT = re.compile(r"[^\W_]|[ “”„‘’‚…–—−]|(?<=\d)%|(?<=\d)[.,](?=\d)|(?<=[^\W_])-(?=[^\W_])")
_END = re.compile(r"[.,;:!?](?= |$)")  # and at the end of a word that is not the first, which may be a list's


def prose(text: str) -> str:
    """One line of text, inert as in a snippet, and still to be read by people who edit it."""
    line, later = plain_text(text), False
    kept = []
    for place, sign in enumerate(line):
        later = later or sign == " "
        left = _LEFT.match(line, place) or (later and _END.match(line, place))
        kept.append(sign if left else inert(sign))
    return "".join(kept)
