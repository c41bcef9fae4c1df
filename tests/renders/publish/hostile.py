"""What people and worse may type: every product takes all of it, and shows it as it was typed."""

from __future__ import annotations

from dataclasses import replace

import msgspec

from renders.edition.edition import Edition
from renders.edition.manifest import EditionCaption, TimedWord
from voiceover.plain import plain_text

HOSTILE = [
    "</script><img src=x onerror=alert(1)>",
    "{globalThis.pwn=1}",
    "{{ 7*7 }}",
    '{% include "../../etc/passwd" %}',
    "{{< include /etc/passwd >}}",
    '`r system("id")`',
    "[x](javascript:alert(1))",
    "[gallery]",
    "<!-- wp:html -->",
    "--> cue",
    "---\n!!python/object",
    "```\n:::",
    "../../etc/passwd",
    "CON",
    "a" * 300,
    "word " * 8000,
    "a\0b\u2028c\ud800d\u202ee\u200df" + "\u0301" * 60,
    "🙂 שלום مرحبا",
    "%2e%2e%2f",
    "$(id)",
    "-rf",
    "]]>&#0;&lt;",
    "\\u003c",
    "1. # * _x_ ~ | = + - > <b>",
    "https://example.com www.example.com a@example.com",
    '" onmouseover="alert(1)',
    "' autofocus onfocus='alert(1)",
    "import x from 'y'\nexport const z = 1",
    "",
    "   ",
    "\n\n",
    "</title><script>globalThis.pwn=1</script>",
    '" onfocus=alert(1) autofocus x="',
    "a\u200db",
    "]]>",
    "&#0;",
    "&lt;b&gt;",
]


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
