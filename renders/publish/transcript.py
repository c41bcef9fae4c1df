"""What is said and when, to be read by people: as Markdown, as a page and as plain text."""

from __future__ import annotations

import html
import math
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from llmtrace.trace import Trace
from renders.edition.edition import Edition
from renders.store import layout
from renders.store.atomic import atomic_file
from renders.terminal import clock
from scenes.reading import Reader
from voiceover.plain import plain_text

# What Markdown reads as more than itself within a line (CommonMark 0.31, 2.4; GitHub adds ~ and |).
_MARKS = re.compile(r"([\\`*_\[\]<>&~|$])")
_STYLE = "body { font: 18px/1.6 Georgia, serif; max-width: 40em; margin: 2em auto; padding: 0 1em }"


@dataclass(frozen=True)
class Transcript:
    """What stands in a transcript, each text as it is; times in seconds."""

    language: str  # ISO 639-1
    title: str
    facts: tuple[str, ...]
    chapters: tuple[tuple[int, str, tuple[tuple[float, str], ...]], ...]  # start, title, (time, words)


def transcript(edition: Edition, folder: Path, **_options: Any) -> list[Path]:
    """Writes the prompt, the model and its continuation, then each chapter's sentences with their times."""
    return [_written(folder / layout.TRANSCRIPT, _markdown(_transcript(edition)))]


def transcript_pages(edition: Edition, folder: Path, **_options: Any) -> list[Path]:
    """Writes the transcript as a page, and as plain text."""
    found = _transcript(edition)
    page, text = folder / layout.TRANSCRIPT_PAGE, folder / layout.TRANSCRIPT_TEXT
    return [_written(page, _page(found)), _written(text, _plain(found))]


def continuation(trace: Trace) -> str:
    """What the model added to the prompt: text, or ids when it has no tokenizer."""
    ids = [int(i) for i in trace["generated.token"]]
    parts = [trace.token_bytes(i) for i in ids]
    known = [part for part in parts if part is not None]
    if len(known) < len(ids):
        return " ".join(map(str, ids))
    return b"".join(known).decode(errors="replace")


def _written(path: Path, text: str) -> Path:
    with atomic_file(path) as aside:
        aside.write_text(text, encoding="utf-8", newline="\n")
    return path


def _transcript(edition: Edition) -> Transcript:
    trace, manifest, label = edition.trace, edition.manifest, edition.locale.label
    model = trace.meta.model
    prompt = manifest.title if trace.meta.prompt is not None else ", ".join(map(str, trace["tokens"]))
    parameters = Reader(trace, edition.locale)("meta.model.parameters", how="meta").rounded().text
    facts = (
        label("transcript.prompt", prompt=prompt),
        label("transcript.model", model=model.name, parameters=parameters),
        label("transcript.went_on", text=continuation(trace)),
        label("transcript.length", time=clock(manifest.seconds)),
    )
    chapters = []
    for chapter in manifest.chapters:
        start = math.ceil(round(chapter.start, 6))  # up, so that the chapter is on at that second
        said = tuple((max(beat.words_from, start), beat.text) for beat in chapter.beats)
        chapters.append((start, chapter.title, said))
    title = label("transcript.title", prompt=prompt)
    return Transcript(edition.locale.language, title, facts, tuple(chapters))


def _markdown(t: Transcript) -> str:
    lines = [f"# {_escaped(t.title)}", "", *(f"- {_escaped(fact)}" for fact in t.facts)]
    for start, title, said in t.chapters:
        lines += ["", f"## {clock(start)} · {_escaped(title)}"]
        for at, text in said:
            lines += ["", f"**{clock(at)}** {_escaped(text)}"]
    return "\n".join(lines) + "\n"


def _escaped(text: str) -> str:
    """Text that Markdown shows as it is: one line, nothing in it markup."""
    return _MARKS.sub(r"\\\1", plain_text(text))


def _page(t: Transcript) -> str:
    title = _as_html(t.title)
    lines = [f"<h1>{title}</h1>", "<ul>", *(f"<li>{_as_html(fact)}</li>" for fact in t.facts), "</ul>"]
    for start, heading, said in t.chapters:
        lines.append(f"<h2>{clock(start)} · {_as_html(heading)}</h2>")
        lines += [f"<p><b>{clock(at)}</b> {_as_html(text)}</p>" for at, text in said]
    return (
        f'<!doctype html>\n<html lang="{t.language}">\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width">\n'
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n" + "\n".join(lines) + "\n</html>\n"
    )


def _as_html(text: str) -> str:
    return html.escape(plain_text(text))


def _plain(t: Transcript) -> str:
    lines = [plain_text(t.title), "", *map(plain_text, t.facts)]
    for start, title, said in t.chapters:
        lines += ["", "", f"{clock(start)} · {plain_text(title)}"]
        for at, text in said:
            lines += ["", f"[{clock(at)}] {plain_text(text)}"]
    return "\n".join(lines) + "\n"
