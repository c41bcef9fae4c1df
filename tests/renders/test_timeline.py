from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest

from llmtrace.trace import Trace
from renders.timeline import LEAST, schedule, still_to_come, timed
from scenes.lesson import write_lesson
from scenes.locale import Locale
from voiceover.speech import Speech


def speeches(trace: Trace, seconds: float) -> dict[str, Speech]:
    silence = Speech(np.zeros(round(seconds * 24000), np.float32), 24000)
    return {
        beat.text: silence for chapter in write_lesson(trace, Locale("en")).chapters for beat in chapter.beats
    }


@pytest.mark.parametrize("fps", [24, 30, 60])
def test_beats_adjoin_and_hold_their_words(example: Trace, fps: int) -> None:
    timeline = schedule(write_lesson(example, Locale("en")), speeches(example, 3.217), fps)
    beats = [beat for chapter in timeline.chapters for beat in chapter.beats]
    assert beats[0].start == 0
    for one, two in pairwise(beats):
        assert one.end == two.start
    for beat in beats:
        assert beat.start / fps <= beat.words_at
        assert beat.words_at + beat.speech.seconds <= beat.end / fps
    assert timeline.seconds == beats[-1].end / fps
    assert sum(chapter.scheduled.frames for chapter in timeline.chapters) == beats[-1].end


def test_a_short_beat_can_still_be_seen(example: Trace) -> None:
    timeline = schedule(write_lesson(example, Locale("en")), speeches(example, 0.1), 30)
    assert all(beat.frames >= LEAST * 30 for chapter in timeline.chapters for beat in chapter.scheduled.beats)


def test_a_picture_is_finished_before_it_is_put_back(example: Trace) -> None:
    timeline = schedule(write_lesson(example, Locale("en"), ["tokens", "output"]), speeches(example, 3.2), 30)
    one, other = timeline.chapters
    lasts = [beat.end - beat.start - 1 for chapter in (one, other) for beat in chapter.beats]
    assert (one.departure, other.departure) == (15, 0)
    lasts[len(one.beats) - 1] -= 15
    assert timeline.finished == lasts


def test_a_chapter_is_there_before_the_next_is_spoken(example: Trace) -> None:
    lesson, said = write_lesson(example, Locale("en")), list[str]()
    known = speeches(example, 3.217)

    def speak(text: str) -> Speech:
        said.append(text)
        return known[text]

    whole, chapters = schedule(lesson, known, 30), []
    for chapter in timed(lesson, speak, 30):
        chapters.append(chapter)
        assert said == [beat.text for c in lesson.chapters[: len(chapters)] for beat in c.beats]
        guess = chapter.end + still_to_come(lesson, chapters)
        assert 0.5 < guess / whole.chapters[-1].end < 2
    assert tuple(chapters) == whole.chapters
    assert still_to_come(lesson, chapters) == 0


@pytest.mark.parametrize("fps", [7, 24, 30, 60, 100])
def test_a_chapter_is_on_at_the_time_that_is_written_for_it(example: Trace, fps: int) -> None:
    timeline = schedule(write_lesson(example, Locale("en")), speeches(example, 3.217), fps)
    for (start, end, title), chapter in zip(timeline.titles, timeline.chapters, strict=True):
        assert title == chapter.chapter.title
        for written, frame in ((start, chapter.start), (end, chapter.end)):
            assert written == round(written, 3)
            assert 0 <= round(1000 * written) - Fraction(1000 * frame, fps) < 1
