"""The page to read from, and the recordings that are made from it."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from scipy.io import wavfile

from llmtrace.meta import EXAMPLE
from llmtrace.trace import Trace
from renders.cli.main import main
from renders.errors import OutputError
from renders.publish.recording_sheet import PAGE, write_sheet
from renders.timeline import schedule
from scenes.lesson import Lesson, write_lesson
from scenes.locale import Locale
from voiceover.cache import SpeechCache
from voiceover.engines.recorded import SHEET
from voiceover.voices import load_voice


def beats(lesson: Lesson) -> list[str]:
    return [beat.text for chapter in lesson.chapters for beat in chapter.beats]


@pytest.mark.parametrize("language", ["en", "de"])
def test_a_lesson_read_from_its_sheet(example: Trace, tmp_path: Path, language: str) -> None:
    lesson = write_lesson(example, Locale(language))
    write_sheet(lesson, tmp_path)
    rows = json.loads((tmp_path / SHEET).read_text("utf-8"))["beats"]
    assert [row["text"] for row in rows] == beats(lesson)
    assert rows[0]["file"] == "001-opening-sentence.wav"
    assert len({row["file"] for row in rows}) == len(rows)
    for row in rows:
        wavfile.write(tmp_path / row["file"], 8000, np.ones(round(row["seconds"] * 8000), np.int16))
    voice = load_voice(f"recordings:{tmp_path}", language)
    assert voice.remarks == ()
    cache = SpeechCache(tmp_path / "cache", voice)
    timeline = schedule(lesson, {text: cache.speak(text) for text in beats(lesson)}, 30)
    for timed, row in zip((b for c in timeline.chapters for b in c.beats), rows, strict=True):
        assert timed.speech.seconds == pytest.approx(row["seconds"], abs=1e-3)
        assert timed.words_at + timed.speech.seconds <= timed.end / 30


def test_the_page_shows_all_and_nothing_is_markup(example: Trace, tmp_path: Path) -> None:
    hostile = Trace(
        {name: example[name] for name in example.names()},
        replace(example.meta, prompt="<script>alert(1)</script> & </p>"),
    )
    page = write_sheet(write_lesson(hostile, Locale("en")), tmp_path)
    text = page.read_text("utf-8")
    assert page == tmp_path / PAGE
    assert "<script" not in text
    assert "&lt;script&gt;alert(1)" in text
    assert len(re.findall(r"<code>\d{3}-[a-z]+-\w+\.wav · \d+\.\d s</code>", text)) == text.count("<div>")
    assert text.count("<div>") == len(beats(write_lesson(hostile, Locale("en"))))


def test_recordings_stay_when_the_sheet_is_written_again(example: Trace, tmp_path: Path) -> None:
    (tmp_path / "001-opening-sentence.wav").write_bytes(b"mine")
    write_sheet(write_lesson(example, Locale("en")), tmp_path)
    assert (tmp_path / "001-opening-sentence.wav").read_bytes() == b"mine"


def test_a_place_that_cannot_be_written(example: Trace, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="choose another folder"):
        write_sheet(write_lesson(example, Locale("en")), tmp_path / "file")


@pytest.mark.parametrize(
    ("language", "number", "words"),
    [("en", "6", "six"), ("de", "256", "zweihundertsechsundfünfzig"), ("en", "256", "two hundred fifty-six")],
)
def test_numbers_are_there_as_they_are_to_be_read(
    example: Trace, tmp_path: Path, language: str, number: str, words: str
) -> None:
    text = write_sheet(write_lesson(example, Locale(language)), tmp_path).read_text("utf-8")
    assert f"<li>{number}: {words}</li>" in text
    assert ("Kih" in text, "Tohken" in text) == (False, False), "only a voice needs these"


@pytest.mark.parametrize("purpose", ["make", "listen"])
def test_it_is_for_a_lesson_to_watch_or_to_hear(example: Trace, tmp_path: Path, purpose: str) -> None:
    asked = ["record-sheet", "--trace", str(EXAMPLE), "--for", purpose, "--out", str(tmp_path)]
    done = CliRunner().invoke(main, asked, catch_exceptions=False)
    assert done.exit_code == 0, done.stderr
    said = [row["text"] for row in json.loads((tmp_path / SHEET).read_text("utf-8"))["beats"]]
    assert said == beats(write_lesson(example, Locale("en", heard=purpose == "listen")))
