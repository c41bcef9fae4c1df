"""`record-sheet`: a page to read a lesson aloud from, with a file name and a time for each beat."""

from __future__ import annotations

import html
import json
from collections.abc import Iterator
from pathlib import Path

from renders.store.atomic import atomic_file
from scenes.lesson import Beat, Lesson
from voiceover.aloud import aloud
from voiceover.engines.recorded import FORMAT, SHEET
from voiceover.engines.silent import SilentEngine
from voiceover.plain import plain_text
from voiceover.spoken import spoken

PAGE = "sheet.html"

_STYLE = """
body { font: 16px/1.5 Georgia, serif; max-width: 46em; margin: 2em auto; padding: 0 1em; color: #111 }
h2 { margin: 2em 0 0.4em; break-after: avoid }
div { break-inside: avoid; border-top: 1px solid #bbb; padding: 0.6em 0 }
code { font: 13px monospace; color: #555 }
p { font-size: 21px; margin: 0.2em 0 }
ul { color: #555; list-style: none; padding: 0; margin: 0.2em 0 }
"""


def write_sheet(lesson: Lesson, folder: Path) -> Path:
    """Writes the page and the list that `--voice recordings:FOLDER` reads; returns the page's path.

    Recordings that are there already stay.
    """
    beats = list(_beats(lesson))
    rows = [{"file": file, "text": beat.text, "seconds": seconds} for _, file, beat, seconds in beats]
    content = {"format": FORMAT, "language": lesson.locale.language, "prompt": lesson.prompt, "beats": rows}
    listed = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
    for name, text in ((PAGE, _page(lesson, beats)), (SHEET, listed)):
        with atomic_file(folder / name) as aside:
            aside.write_text(text, "utf-8")
    return folder / PAGE


def _beats(lesson: Lesson) -> Iterator[tuple[str, str, Beat, float]]:
    """Each beat with its chapter's title, its file, and the seconds that it should take."""
    language = lesson.locale.language
    reader = SilentEngine(language, rate=1000)
    number = 0
    for chapter in lesson.chapters:
        for beat in chapter.beats:
            number += 1
            seconds = round(reader.speak(spoken(beat.text, language)).seconds, 1)
            yield chapter.title, f"{number:03}-{chapter.name}-{beat.name}.wav", beat, seconds


def _page(lesson: Lesson, beats: list[tuple[str, str, Beat, float]]) -> str:
    title = html.escape(lesson.locale.label("sheet.title", prompt=plain_text(lesson.prompt)))
    how = html.escape(lesson.locale.label("sheet.how"))
    parts, heading, language = [], "", lesson.locale.language
    for chapter, file, beat, seconds in beats:
        if chapter != heading:
            heading = chapter
            parts.append(f"<h2>{html.escape(chapter)}</h2>")
        text = html.escape(plain_text(beat.text))
        words = "".join(f"<li>{html.escape(plain_text(a))}: {b}</li>" for a, b in aloud(beat.text, language))
        words = f"<ul>{words}</ul>" if words else ""
        parts.append(f"<div><code>{html.escape(file)} · {seconds:.1f} s</code><p>{text}</p>{words}</div>")
    body = "\n".join(parts)
    return (
        f'<!doctype html>\n<html lang="{language}">\n<meta charset="utf-8">\n<title>{title}</title>\n'
        f"<style>{_STYLE}</style>\n<h1>{title}</h1>\n<p>{how}</p>\n{body}\n</html>\n"
    )
