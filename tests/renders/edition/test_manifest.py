"""`lesson.json` and `readings.json`: what is written is read again; what is damaged is one line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from editions import edition_of, timeline_of

from llmtrace.trace import Trace
from renders.cli.main import main
from renders.edition.edition import Edition
from renders.errors import CheckError
from scenes.lesson import write_lesson
from scenes.locale import Locale

OLD_LESSON = {
    "format": 1,
    "media": "lesson.mp4",
    "prompt": "What  will be",
    "model": "gpt2-pocket",
    "fps": 30,
    "seconds": 7.0,
    "chapters": [
        {
            "name": "tokens", "title": "Tokens", "from": 0.0, "to": 7.0,
            "beats": [
                {"name": "cut", "text": "Cut.", "from": 0.0, "to": 4.0, "words_from": 0.2, "words_to": 3.5},
                {"name": "ids", "text": "Ids.", "from": 4.0, "to": 7.0, "words_from": 4.2, "words_to": 6.5},
            ],
        }
    ],
}  # fmt: skip
OLD_ROW = {"text": "3", "tensor": "tokens", "index": [], "how": "count", "form": "integer"}


def test_the_words_and_their_times_are_those_of_the_timeline(example: Trace, tmp_path: Path) -> None:
    edition = edition_of(example, tmp_path / "out")
    timeline = timeline_of(write_lesson(example, Locale("en")))
    beats = [beat for chapter in timeline.chapters for beat in chapter.beats]
    assert [c.name for c in edition.manifest.chapters] == [c.chapter.name for c in timeline.chapters]
    assert edition.manifest.titles == timeline.titles
    for (_, kept), beat in zip(edition.manifest.beats, beats, strict=True):
        assert (kept.name, kept.text, kept.marks) == (beat.beat.name, beat.beat.text, dict(beat.cues))
        assert edition.manifest.frames(kept) == beat.end - beat.start
        shown = [(word.text, word.start, word.end) for caption in kept.captions for word in caption.words]
        assert shown == [(w.text, w.start, w.end) for cue in beat.captions for w in cue.words]
        assert shown
        spoken = [row for row in edition.rows if (row.beat, row.where) == (kept.name, "speech")]
        assert [r.text for r in beat.beat.readings] == [
            row.text
            for row in spoken
            if row.chapter in {c.name for c, b in edition.manifest.beats if b is kept}
        ]


def test_what_is_saved_is_loaded_again(example: Trace, tmp_path: Path) -> None:
    edition = edition_of(example, tmp_path / "out")
    before = (tmp_path / "out" / "lesson.json").read_bytes()
    edition.manifest.save(tmp_path / "out")
    assert (tmp_path / "out" / "lesson.json").read_bytes() == before
    assert Edition.load(tmp_path / "out") == edition


def test_format_1_is_read(tmp_path: Path) -> None:
    (tmp_path / "lesson.json").write_text(json.dumps(OLD_LESSON))
    rows = [
        {**OLD_ROW, "where": "screen", "chapter": "tokens", "from": 4.5, "to": 6.0},
        {**OLD_ROW, "where": "speech", "chapter": "tokens", "beat": "cut", "from": 0.2, "to": 3.5},
        {"tensor": "tokens", "index": [[0, 2]], "sha256": "0" * 64, "where": "cover", "chapter": "cover"},
    ]
    (tmp_path / "readings.json").write_text(json.dumps({"format": 1, "readings": rows}))
    edition = Edition.load(tmp_path)
    assert edition.manifest.title == "What will be"
    assert edition.manifest.language == "en"
    assert not any(beat.captions for _, beat in edition.manifest.beats)
    assert [(row.beat, row.start, row.end) for row in edition.rows] == [
        ("ids", 0.5, 2.0), ("cut", 0.2, 3.5), (None, 0.0, 0.0)
    ]  # fmt: skip


def changed(change: Callable[[dict[str, Any]], object]) -> bytes:
    content = json.loads(json.dumps(OLD_LESSON))
    change(content)
    return json.dumps(content).encode()


HOSTILE = {
    "cut": json.dumps(OLD_LESSON).encode()[:100],
    "empty": b"",
    "not UTF-8": b'{"format": 1, "prompt": "\xff"}',
    "deep": b"[" * 200_000,
    "a list": b"[]",
    "no number": changed(lambda c: c.update(seconds="7")),
    "not a number": json.dumps({**OLD_LESSON, "seconds": float("nan")}).encode(),
    "endless": json.dumps(OLD_LESSON).replace("7.0", "1e999").encode(),
    "backwards": changed(lambda c: c["chapters"][0]["beats"][0].update({"from": 5.0})),
    "a gap": changed(lambda c: c["chapters"][0]["beats"][1].update({"from": 4.5})),
    "no beats": changed(lambda c: c["chapters"][0].update(beats=[])),
    "no chapters": changed(lambda c: c.update(chapters=[])),
    "no frames": changed(lambda c: c.update(fps=0)),
    "another medium": changed(lambda c: c.update(media="../lesson.mp4")),
    "a path for a name": changed(lambda c: c["chapters"][0].update(name="../../os")),
    "a file elsewhere": changed(lambda c: c.update(files={"../passwd": "0" * 64})),
    "an absolute file": changed(lambda c: c.update(files={"/etc/passwd": "0" * 64})),
    "a key that is a path": changed(lambda c: c["chapters"][0]["beats"][0].update(segment="../../x")),
    "a later format": changed(lambda c: c.update(format=3)),
}


@pytest.mark.parametrize("how", HOSTILE)
def test_a_damaged_or_hostile_manifest_is_one_line(how: str, example: Trace, tmp_path: Path) -> None:
    edition_of(example, tmp_path / "out", ("tokens",))
    (tmp_path / "out" / "lesson.json").write_bytes(HOSTILE[how])
    with pytest.raises(CheckError, match=r"lesson\.json: "):
        Edition.load(tmp_path / "out")
    result = CliRunner().invoke(main, ["check", str(tmp_path / "out")])
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1
    assert "make" in result.stderr


@pytest.mark.parametrize(
    "row",
    [
        {**OLD_ROW, "tensor": "meta.__class__"},
        {**OLD_ROW, "form": "decimal:999999999"},
        {**OLD_ROW, "index": ["0"]},
        {**OLD_ROW, "from": 3.0, "to": 1.0},
        {**OLD_ROW, "sha256": "0" * 64},
        {"tensor": "tokens", "index": []},
    ],
)
def test_a_hostile_row_is_one_line(row: dict[str, Any], example: Trace, tmp_path: Path) -> None:
    edition_of(example, tmp_path / "out", ("tokens",))
    rows = [{"where": "screen", "chapter": "tokens", "beat": "cut", **row}]
    (tmp_path / "out" / "readings.json").write_text(json.dumps({"format": 2, "readings": rows}))
    with pytest.raises(CheckError, match=r"readings\.json: cannot be read .*make the lesson again"):
        Edition.load(tmp_path / "out")
