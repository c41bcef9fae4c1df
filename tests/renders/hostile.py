"""Prompts that somebody may type to break what is made of them; every product is given all of them."""

from __future__ import annotations

from dataclasses import replace

import msgspec

from renders.edition.edition import Edition
from renders.edition.manifest import EditionCaption, TimedWord
from voiceover.plain import plain_text

HOSTILE = (
    "</script><img src=x onerror=alert(1)>",
    "</title><script>globalThis.pwned = 1</script>",
    '" onfocus=alert(1) autofocus x="',
    "{globalThis.pwned=1}",
    "{{ 7*7 }}",
    '{% include "../../etc/passwd" %}',
    "{{< include /etc/passwd >}}",
    '`r system("id")`',
    "[x](javascript:alert(1))",
    "[gallery]",
    "<!-- wp:html -->",
    "--> cue",
    "---\n!!python/object",
    "../../etc/passwd",
    "CON",
    "a" * 300,
    "ab " * 13_000,
    "a\u2028b",
    "\u202eabc",
    "a\u200db",
    "e" + "\u0301" * 60,
    "👩‍👩‍👧 שלום مرحبا",
    "%2e%2e%2f",
    "$(id)",
    "-rf",
    "   ",
    "\n\n",
    "]]>",
    "&#0;",
    "&lt;b&gt;",
    "\\u003c",
)


def prompted(lesson: Edition, text: str) -> Edition:
    """The lesson as if this had been its prompt, its first words and its first title."""
    chapter, *rest = lesson.manifest.chapters
    beat, *others = chapter.beats
    said = plain_text(text) or "…"
    words = (TimedWord(said, beat.start, beat.end),)
    caption = EditionCaption(start=beat.start, end=beat.end, text=said, words=words)
    beat = msgspec.structs.replace(beat, text=said, captions=(caption,))
    chapter = msgspec.structs.replace(chapter, title=said, beats=(beat, *others))
    manifest = msgspec.structs.replace(
        lesson.manifest, prompt=text, title=text, model=text, chapters=(chapter, *rest)
    )
    return replace(lesson, manifest=manifest)
