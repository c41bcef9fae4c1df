"""A lesson in German, made and proved: its numbers are written by German rules, and read again by them."""

from __future__ import annotations

import json
from pathlib import Path

import av
import pytest

from llmtrace import Trace
from llmtrace.meta import EXAMPLE
from renders.build import build
from renders.check import verify
from renders.cli.reporters import JsonReporter
from renders.publish.products import publish
from renders.request import VideoRequest

VOCABULARY = f"{Trace.load(EXAMPLE).meta.model.vocabulary:,}"  # by English rules
GERMAN = VOCABULARY.replace(",", ".")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("german")
    with pytest.MonkeyPatch.context() as patch, (place / "log").open("w") as log:
        patch.setenv("LLM_LESSON_CACHE", str(place / "cache"))
        job = VideoRequest(
            "What will be",
            language="de",
            voice="silent",
            speed=1.5,
            chapters=("tokens", "output"),
            quality="draft",
            fps=12,
            out=place / "out",
        )
        return publish(build(job, JsonReporter(log)).edition).folder


def test_it_says_and_shows_german(made: Path) -> None:
    lesson = json.loads((made / "lesson.json").read_text("utf-8"))
    assert (lesson["language"], [chapter["title"] for chapter in lesson["chapters"]]) == (
        "de",
        ["Tokens", "Das nächste Token"],
    )
    texts = [beat["text"] for chapter in lesson["chapters"] for beat in chapter["beats"]]
    assert texts[0].startswith("Ein Netz liest keine Buchstaben; darum wird der Text in 3 Tokens zerlegt.")
    captions = (made / "captions.srt").read_text("utf-8")
    assert GERMAN in captions
    assert "Wahrscheinlichkeiten" in captions
    rows = json.loads((made / "readings.json").read_text("utf-8"))["readings"]
    percents = [row["text"] for row in rows if row.get("form") == "percent:1"]
    assert percents
    assert all(text.count(",") == 1 and "." not in text and text.endswith("\u00a0%") for text in percents)


def test_the_tracks_say_their_language(made: Path) -> None:
    with av.open(str(made / "lesson.mp4")) as video:
        streams = [*video.streams.audio, *video.streams.subtitles]
        assert {stream.metadata["language"] for stream in streams} == {"deu"}


def test_the_check_proves_it_by_german_rules(made: Path) -> None:
    assert verify(made).wrong == []
    path = made / "lesson.json"
    text = path.read_text("utf-8")
    try:
        path.write_text(text.replace('"language": "de"', '"language": "en"'), "utf-8")
        expected = f"shown as '{GERMAN}', the trace says '{VOCABULARY}'"
        assert any(expected in line for line in verify(made).wrong)
    finally:
        path.write_text(text, "utf-8")
