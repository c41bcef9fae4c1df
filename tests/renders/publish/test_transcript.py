"""The transcript: all that is said, in order, at its time, and nothing that Markdown takes for markup."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from fractions import Fraction
from html.parser import HTMLParser
from pathlib import Path

import pytest
from editions import edition_of, timeline_of

from llmtrace.trace import Trace
from renders.errors import OutputError
from renders.publish import products
from renders.publish.transcript import continuation
from renders.timeline import Timeline
from scenes.lesson import write_lesson
from scenes.locale import Locale
from voiceover.plain import plain_text

HOSTILE = "# a\n\n- <b>*x*</b> [l](javascript:x) `c` __u__ | $x$ \\ \u202e &amp;"


def timed(trace: Trace) -> Timeline:
    return timeline_of(write_lesson(trace, Locale("en")))


def transcript(trace: Trace, folder: Path) -> str:
    (file,) = products.transcript(edition_of(trace, folder / "edition"), folder)
    assert file == folder / "transcript.md"
    return file.read_text("utf-8")


def hostile(example: Trace) -> Trace:
    return Trace({name: example[name] for name in example.names()}, replace(example.meta, prompt=HOSTILE))


def unescaped(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)


def test_every_sentence_stands_at_its_time(example: Trace, tmp_path: Path) -> None:
    text = transcript(example, tmp_path)
    timeline = timed(example)
    starts = [math.ceil(Fraction(chapter.start, timeline.fps)) for chapter in timeline.chapters]
    said = [
        (max(b.words_at, start), b.beat.text)
        for start, chapter in zip(starts, timeline.chapters, strict=True)
        for b in chapter.beats
    ]
    rows = re.findall(r"^\*\*(\d+):(\d\d)\*\* (.*)$", text, re.MULTILINE)
    assert [(int(m) * 60 + int(s), unescaped(line)) for m, s, line in rows] == [
        (int(at), line) for at, line in said
    ]
    headings = re.findall(r"^## (\d+):(\d\d) · (.*)$", text, re.MULTILINE)
    assert [title for *_, title in headings] == [chapter.chapter.title for chapter in timeline.chapters]
    assert [int(m) * 60 + int(s) for m, s, _ in headings] == starts  # a second at which the chapter is on


def test_prompt_model_and_continuation_stand_at_the_top(example: Trace, tmp_path: Path) -> None:
    top = unescaped(transcript(example, tmp_path).partition("\n## ")[0])
    assert "Prompt: “What will be”" in top
    assert f"Model: {example.meta.model.name}" in top
    assert f"It went on: “{continuation(example).strip()}”" in top.replace("“ ", "“")
    ids = [int(i) for i in example["generated.token"]]
    assert continuation(example).encode() == b"".join(example.token_bytes(i) or b"" for i in ids)


def test_nothing_in_a_prompt_is_markup(example: Trace, tmp_path: Path) -> None:
    text = transcript(hostile(example), tmp_path)
    lines = [line for line in text.splitlines() if "javascript" in line]
    assert len(lines) == 3  # the heading, the prompt, the opening sentence
    for line in lines:
        assert "\u202e" not in line
        rest = re.sub(r"\\.", "", line.removeprefix("# ").removeprefix("- "))
        assert not set(re.sub(r"^\*\*\d+:\d\d\*\*", "", rest)) & set("*_`[]<>&|$")


class Page(HTMLParser):
    """What a browser makes of a page: its elements, and the text that they hold."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags, self.texts = set[str](), list[str]()
        self.feed(text)

    def handle_starttag(self, tag: str, _attrs: object) -> None:
        self.tags.add(tag)

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def test_the_page_and_the_plain_text_say_the_same(example: Trace, tmp_path: Path) -> None:
    for trace in (example, hostile(example)):
        files = products.transcript_pages(edition_of(trace, tmp_path / "edition"), tmp_path)
        assert [file.name for file in files] == ["transcript.html", "transcript.txt"]
        page, text = Page(files[0].read_text("utf-8")), files[1].read_text("utf-8")
        own = {"html", "meta", "title", "style", "h1", "ul", "li", "h2", "p", "b"}
        assert page.tags == own, "nothing in a prompt is an element"
        read = " ".join("".join(page.texts).split())
        for beat in (b.beat for chapter in timed(trace).chapters for b in chapter.beats):
            assert plain_text(beat.text) in text
            assert plain_text(beat.text) in read
        times = re.findall(r"\d+:\d\d", unescaped(transcript(trace, tmp_path)))
        assert times == re.findall(r"\d+:\d\d", text) == re.findall(r"\d+:\d\d", read)
        assert "\u202e" not in text + read


def test_an_unwritable_place(example: Trace, tmp_path: Path) -> None:
    (tmp_path / "transcript.md").mkdir()
    with pytest.raises(OutputError, match="choose another folder"):
        transcript(example, tmp_path)
