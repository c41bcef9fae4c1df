"""The proof: a trace's identities, and every reading of a lesson read and formatted again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from llmtrace.checks import Identity, check, relative_error
from llmtrace.trace import Trace
from renders.edition import manifest
from renders.errors import CheckError
from renders.media.audio import sound_seconds
from renders.media.probe import probe
from renders.store import layout
from scenes.locale import LANGUAGES, Locale
from scenes.reading import Reader, slice_of

AUDIO_SLACK = 0.1  # seconds: MP3 and AAC end on whole blocks
# Relative; another machine's sums run in another order, which may round a float16 to the next one.
RERUN_TOLERANCE = {"float32": 1e-4, "float16": 1e-3}


@dataclass(frozen=True)
class Verdict:
    """What was checked, and a line for each thing that is wrong."""

    identities: list[Identity]
    readings: int
    slices: int
    wrong: list[str]

    @property
    def told(self) -> int:
        """How many identities the trace has the tensors for."""
        return sum(identity.error is not None for identity in self.identities)


def verify(path: Path, rerun: bool = False, model: str | None = None) -> Verdict:
    """Checks a trace file, or a lesson's folder with its trace; `model` runs again, or the one it names.

    Raises `TraceFileError` and `CheckError` when there is nothing that can be checked.
    """
    folder = path if path.is_dir() else None
    trace = Trace.load(folder / layout.TRACE if folder else path)
    try:
        identities = check(trace)
    except KeyError as error:
        raise CheckError(
            f"{path}: the trace lacks a tensor ({error.args[0]}); trace the prompt again"
        ) from None
    wrong = [f"{name}: is not as it was written: its checksum is another" for name in trace.changed()]
    wrong += [
        f"{i.name}: {i.formula}{f' in {i.place}' if i.place else ''}: off by {i.error:.2g}, "
        f"allowed {i.tolerance:.2g}"
        for i in identities
        if i.error is not None and not i.holds
    ]
    rows: list[dict[str, Any]] = manifest.read(folder, layout.READINGS)["readings"] if folder else []
    if folder:
        lesson = manifest.read(folder, layout.LESSON)
        language = lesson.get("language", "en")  # lessons of version 0.1 are in English and do not say so
        if language not in LANGUAGES:
            raise CheckError(f"{folder}: language {language!r}, this version knows {', '.join(LANGUAGES)}")
        read = Reader(trace, Locale(language))
        wrong += [line for row in rows if (line := _wrong_row(read, row))]
        wrong += _wrong_words(lesson, rows)
        if lesson.get("media", layout.VIDEO) == layout.VIDEO:
            wrong += _wrong_video(folder / layout.VIDEO, lesson)
        else:
            wrong += _wrong_sound(folder, lesson)
    if rerun:
        wrong += _wrong_rerun(trace, model)
    texts = sum("text" in row for row in rows)
    return Verdict(identities, texts, len(rows) - texts, wrong)


def _wrong_row(read: Reader, row: dict[str, Any]) -> str | None:
    """What is wrong with one row of `readings.json`, or None."""
    try:
        where = f"{row['chapter']}: {row['tensor']}{row['index']}"
        if "sha256" in row:
            index = [i if isinstance(i, int) else tuple(i) for i in row["index"]]
            drawn = slice_of(read.trace, row["tensor"], *index).digest
            return None if drawn == row["sha256"] else f"{where}: other values were drawn than the trace has"
        text = read.again(row["tensor"], tuple(row["index"]), row["how"], row["form"])
        return None if text == row["text"] else f"{where}: shown as {row['text']!r}, the trace says {text!r}"
    except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
        return f"a reading that cannot be read again: {row} ({error!r})"


def _wrong_words(lesson: dict[str, Any], rows: list[dict[str, Any]]) -> Iterator[str]:
    """Beats with a number in their words that is no reading."""
    said: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        if row.get("where") == "speech":
            said.setdefault((row["chapter"], row["beat"]), []).append(row["text"])
    for chapter in lesson["chapters"]:
        for beat in chapter["beats"]:
            rest = beat["text"].replace("GPT-2", "")
            for text in sorted(said.get((chapter["name"], beat["name"]), []), key=len, reverse=True):
                rest = rest.replace(text, " ")
            if number := re.search(r"\d+", rest):
                yield f"{chapter['name']}, {beat['name']}: {number[0]} is said, and no reading has it"


def _wrong_video(video: Path, lesson: dict[str, Any]) -> Iterator[str]:
    if not video.is_file():
        raise CheckError(f"{video}: no such file; make the lesson again")
    found = probe(video)
    if abs(found.video_seconds - lesson["seconds"]) > 0.5 / lesson["fps"]:
        says = f"{layout.LESSON} says {lesson['seconds']:.3f} s"
        yield f"{layout.VIDEO}: {found.video_seconds:.3f} s of picture, {says}"


def _wrong_sound(folder: Path, lesson: dict[str, Any]) -> Iterator[str]:
    for name in (layout.SOUND, layout.SOUND_MP3):
        if not (folder / name).is_file():
            raise CheckError(f"{folder / name}: no such file; make the lesson again")
        lasts = sound_seconds(folder / name)
        if abs(lasts - lesson["seconds"]) > AUDIO_SLACK:
            yield f"{name}: {lasts:.3f} s of sound, {layout.LESSON} says {lesson['seconds']:.3f} s"


def _wrong_rerun(trace: Trace, model: str | None) -> Iterator[str]:
    """What comes out differently when the model runs again."""
    from llmtrace import capture
    from llmtrace.errors import UnknownModelError
    from llmtrace.models import load_model

    meta = trace.meta
    try:
        loaded = load_model(model or meta.model.name)
    except UnknownModelError as error:
        if model is not None:
            raise
        raise CheckError(f"{error}; if it was a folder, say where with --model") from None
    if loaded.card.sha256 != meta.model.sha256:
        yield f"{meta.model.name}: its weights are not those that the trace was taken from"
        return
    prompt: Any = meta.prompt if meta.prompt is not None else [int(i) for i in trace["tokens"]]
    steps = len(trace["generated.token"])
    again = capture(
        prompt,
        loaded,
        new_tokens=steps,
        sampling=meta.sampling,
        only=meta.only,
        dtype=meta.dtype,
        trace_steps=meta.steps,
    )
    if meta.format == again.meta.format:
        yield from (f"{name}: the trace lacks it" for name in again.names() if name not in trace)
    for name in trace.names():
        if name not in again:
            yield f"{name}: the model has no such tensor"
            continue
        gap = relative_error(trace[name].astype(np.float64), again[name].astype(np.float64))
        if not gap <= RERUN_TOLERANCE[meta.dtype]:
            yield f"{name}: a new run differs by {gap:.2g}"
