"""`transcript.md`: what is said and when, to be read by people."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
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


def transcript(edition: Edition, folder: Path, **_options: Any) -> list[Path]:
    """Writes the prompt, the model and its continuation, then each chapter's sentences with their times."""
    path = folder / layout.TRANSCRIPT
    with atomic_file(path) as aside:
        aside.write_text("\n".join(_lines(edition)) + "\n", encoding="utf-8", newline="\n")
    return [path]


def continuation(trace: Trace) -> str:
    """What the model added to the prompt: text, or ids when it has no tokenizer."""
    ids = [int(i) for i in trace["generated.token"]]
    parts = [trace.token_bytes(i) for i in ids]
    known = [part for part in parts if part is not None]
    if len(known) < len(ids):
        return " ".join(map(str, ids))
    return b"".join(known).decode(errors="replace")


def _lines(edition: Edition) -> Iterator[str]:
    trace, manifest, locale = edition.trace, edition.manifest, edition.locale
    model = trace.meta.model
    parameters = Reader(trace, locale)("meta.model.parameters", how="meta").rounded().text

    def words(key: str, **fields: str) -> str:
        escaped = {name: _escaped(text) for name, text in fields.items()}
        return locale.label(f"transcript.{key}", **escaped)

    prompt = manifest.title if trace.meta.prompt is not None else ", ".join(map(str, trace["tokens"]))
    yield f"# {words('title', prompt=prompt)}"
    yield ""
    yield f"- {words('prompt', prompt=prompt)}"
    yield f"- {words('model', model=model.name, parameters=parameters)}"
    yield f"- {words('went_on', text=continuation(trace))}"
    yield f"- {words('length', time=clock(manifest.seconds))}"
    for chapter in manifest.chapters:
        start = math.ceil(round(chapter.start, 6))  # up, so that the chapter is on at that second
        yield ""
        yield f"## {clock(start)} · {_escaped(chapter.title)}"
        for beat in chapter.beats:
            yield ""
            yield f"**{clock(max(beat.words_from, start))}** {_escaped(beat.text)}"


def _escaped(text: str) -> str:
    """Text that Markdown shows as it is: one line, nothing in it markup."""
    return _MARKS.sub(r"\\\1", plain_text(text))
