"""`transcript.md`: what is said and when, to be read by people."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

from llmtrace.trace import Trace
from renders.errors import OutputError
from renders.terminal import clock
from renders.timeline import Timeline
from scenes.lesson import Lesson
from scenes.reading import Reader
from voiceover.plain import plain_text

# What Markdown reads as more than itself within a line (CommonMark 0.31, 2.4; GitHub adds ~ and |).
_MARKS = re.compile(r"([\\`*_\[\]<>&~|$])")


def write_transcript(trace: Trace, lesson: Lesson, timeline: Timeline, path: Path) -> None:
    """Writes the prompt, the model and its continuation, then each chapter's sentences with their times."""
    text = "\n".join(_lines(trace, lesson, timeline)) + "\n"
    try:
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise OutputError(f"{path}: cannot be written ({error.strerror}); choose another folder") from error


def continuation(trace: Trace) -> str:
    """What the model added to the prompt: text, or ids when it has no tokenizer."""
    ids = [int(i) for i in trace["generated.token"]]
    parts = [trace.token_bytes(i) for i in ids]
    known = [part for part in parts if part is not None]
    if len(known) < len(ids):
        return " ".join(map(str, ids))
    return b"".join(known).decode(errors="replace")


def _lines(trace: Trace, lesson: Lesson, timeline: Timeline) -> Iterator[str]:
    model = trace.meta.model
    parameters = Reader(trace, lesson.locale)("meta.model.parameters", how="meta").rounded().text

    def words(key: str, **fields: str) -> str:
        escaped = {name: _escaped(text) for name, text in fields.items()}
        return lesson.locale.label(f"transcript.{key}", **escaped)

    prompt = lesson.prompt if trace.meta.prompt is not None else ", ".join(map(str, trace["tokens"]))
    yield f"# {words('title', prompt=prompt)}"
    yield ""
    yield f"- {words('prompt', prompt=prompt)}"
    yield f"- {words('model', model=model.name, parameters=parameters)}"
    yield f"- {words('went_on', text=continuation(trace))}"
    yield f"- {words('length', time=clock(timeline.seconds))}"
    for timed in timeline.chapters:
        start = math.ceil(Fraction(timed.start, timeline.fps))  # up, so that the chapter is on at that second
        yield ""
        yield f"## {clock(start)} · {_escaped(timed.chapter.title)}"
        for b in timed.beats:
            yield ""
            yield f"**{clock(max(b.words_at, start))}** {_escaped(b.beat.text)}"


def _escaped(text: str) -> str:
    """Text that Markdown shows as it is: one line, nothing in it markup."""
    return _MARKS.sub(r"\\\1", plain_text(text))
