"""What a viewer could not read is told by chapter, beat and time."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest
from editions import edition_of

from llmtrace.trace import Trace
from renders.check.look import remarks, wrong_look
from renders.edition.edition import Edition
from renders.edition.manifest import PictureSize
from renders.edition.rows import Row
from renders.shot import Fault
from renders.store import layout
from renders.terminal import clock


@pytest.fixture(scope="module")
def edition(example: Trace, tmp_path_factory: pytest.TempPathFactory) -> Edition:
    """A lesson whose spoken readings are all on screen in their beats."""
    made = edition_of(example, tmp_path_factory.mktemp("look") / "lesson", ("tokens", "loop"))
    shown = [msgspec.structs.replace(row, where="screen") for row in made.rows]
    return replace(made, rows=(*made.rows, *shown))


def faults(edition: Edition, beat: int, *own: Fault) -> list[list[Fault]]:
    found: list[list[Fault]] = [[] for _ in edition.manifest.beats]
    found[beat] = list(own)
    return found


def test_a_lesson_without_faults_has_no_remark(edition: Edition) -> None:
    assert remarks(edition, faults(edition, 0)) == []


def test_a_fault_is_told_with_its_chapter_beat_and_time(edition: Edition) -> None:
    chapter, beat = list(edition.manifest.beats)[1]
    at = round(2 * edition.manifest.fps)
    (line,) = remarks(edition, faults(edition, 1, Fault(at, "'one' and 'two' overlap")))
    seconds = int(beat.start + 2)
    assert line == f"{chapter.name}, {beat.name} at 0:{seconds:02d}: 'one' and 'two' overlap"


def test_what_stays_wrong_is_told_once(edition: Edition) -> None:
    found = faults(edition, 1, Fault(3, "'one' and 'two' overlap"))
    found[2] = found[1]
    assert len(remarks(edition, found)) == 1


def test_a_figure_that_is_not_on_screen_is_named(edition: Edition) -> None:
    spoken = next(row for row in edition.rows if row.where == "speech" and row.form == "id")
    others = tuple(row for row in edition.rows if row.where == "speech" or row.text != spoken.text)
    lines = remarks(replace(edition, rows=others), faults(edition, 0))
    assert any(line.endswith(f": {spoken.text} is said, and not on screen") for line in lines), lines
    assert all(f"{spoken.chapter}, " in line for line in lines)


def test_the_same_reading_in_another_form_is_on_screen(edition: Edition) -> None:
    def otherwise(row: Row) -> Row:
        return (
            msgspec.structs.replace(row, text=f"{row.text}.0") if row.where == "screen" and row.text else row
        )

    assert remarks(replace(edition, rows=tuple(map(otherwise, edition.rows))), faults(edition, 0)) == []


def test_a_caption_that_is_too_short_is_named(edition: Edition) -> None:
    manifest = edition.manifest
    chapter, beat = next(manifest.beats)
    caption = beat.captions[0]
    short = msgspec.structs.replace(caption, end=caption.start + 0.3)
    beats = (msgspec.structs.replace(beat, captions=(short, *beat.captions[1:])), *chapter.beats[1:])
    chapters = (msgspec.structs.replace(chapter, beats=beats), *manifest.chapters[1:])
    other = replace(edition, manifest=msgspec.structs.replace(manifest, chapters=chapters))
    (line,) = remarks(other, faults(edition, 0))
    where = f"{chapter.name}, {beat.name} at {clock(caption.start)}"
    assert line.startswith(f"{where}: the caption {caption.text!r} is shown for 0.3 s")


def test_our_own_chapters_are_gone_through(edition: Edition) -> None:
    size = PictureSize(width=1280, height=720, preset="medium", burned=False)
    drawn = replace(
        edition, manifest=msgspec.structs.replace(edition.manifest, picture=size, media=layout.VIDEO)
    )
    assert wrong_look(drawn, []) == []


def test_a_lesson_without_a_picture_is_said_to_be_one(edition: Edition) -> None:
    unproved: list[str] = []
    assert wrong_look(edition, unproved) == []
    assert len(unproved) == 1
    assert "so none is drawn again" in unproved[0]
