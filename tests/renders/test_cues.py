"""A picture that waits for a word moves on the frame on which that word is spoken."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from manim.renderer.cairo_renderer import CairoRenderer
from prompts import sample

from llmtrace.trace import Trace
from renders.draw.render import configured
from renders.shot import QUALITIES
from renders.timeline import LEAD, SpokenBeat, Timeline, schedule
from scenes import CHAPTERS
from scenes.clock import BeatClock
from scenes.lesson import write_lesson
from scenes.locale import Locale
from scenes.stage import scene_class
from voiceover.engines.silent import SilentEngine
from voiceover.speech import Speech, Word
from voiceover.spoken import spoken, spoken_words

WORD = 0.43  # seconds that the fake voice takes for every word


def evenly(text: str, language: str) -> Speech:
    """A voice that says every word in the same time."""
    words = spoken_words(spoken(text, language))
    times = tuple(Word(word, i * WORD, (i + 1) * WORD) for i, word in enumerate(words))
    return Speech(np.zeros(round(len(words) * WORD * 1000) + 1, np.float32), 1000, times)


@dataclass(frozen=True)
class Fired:
    """What a scene waited for, and the frame on which it went on, of its beat after the arrival."""

    beat: str
    cue: str
    frame: int


def waited_for(trace: Trace, timeline: Timeline, chapter: int, patch: pytest.MonkeyPatch) -> list[Fired]:
    """Plays one chapter without drawing it, and takes down every wait."""
    timed, fired = timeline.chapters[chapter], list[Fired]()
    until = BeatClock.until

    def noted(self: BeatClock, cue: str) -> None:
        until(self, cue)
        fired.append(Fired(self._beat.name, cue, self._scene.now - self._start))

    patch.setattr(BeatClock, "until", noted)
    patch.setattr(CairoRenderer, "update_frame", lambda *_a, **_k: None)
    patch.setattr(CairoRenderer, "get_frame", lambda *_a: None)
    with configured(QUALITIES["draft"], timeline.fps):
        scene = scene_class(timed.chapter.name)(trace=trace, scheduled=timed.scheduled, skip_animations=True)
        scene.render()
    assert scene.now == timed.scheduled.frames
    return fired


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("chapter", range(len(CHAPTERS)), ids=list(CHAPTERS))
def test_every_marked_word_moves_the_picture_on_its_frame(
    chapter: int, language: str, example: Trace, monkeypatch: pytest.MonkeyPatch
) -> None:
    lesson = write_lesson(example, Locale(language))
    speeches = {beat.text: evenly(beat.text, language) for c in lesson.chapters for beat in c.beats}
    timeline = schedule(lesson, speeches, 30)
    fired = waited_for(example, timeline, chapter, monkeypatch)
    beats: dict[str, SpokenBeat] = {beat.beat.name: beat for beat in timeline.chapters[chapter].beats}
    cues = [(name, cue.name) for name, beat in beats.items() for cue in beat.beat.cues]
    assert [(one.beat, one.cue) for one in fired] == cues
    for one in fired:
        beat = beats[one.beat]
        at = next(cue.at for cue in beat.beat.cues if cue.name == one.cue)
        word = spoken_words(spoken(beat.beat.text[at:], language))[0]
        starts = {w.start: w.text for w in beat.speech.words if abs((LEAD + w.start) * 30 - one.frame) <= 1}
        assert list(starts.values()) == [word], one


@pytest.mark.parametrize(("fps", "speed"), [(12, 1.5), pytest.param(30, 0.7, marks=pytest.mark.wide)])
@pytest.mark.parametrize("chapter", sample(CHAPTERS, "attention", "overview", "loop"))  # most moves a word
def test_no_pace_breaks_a_chapter(
    chapter: str, fps: int, speed: float, example: Trace, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = SilentEngine(rate=1000, speed=speed)
    lesson = write_lesson(example, Locale("en"))
    speeches = {beat.text: engine.speak(spoken(beat.text)) for c in lesson.chapters for beat in c.beats}
    waited_for(example, schedule(lesson, speeches, fps), CHAPTERS.index(chapter), monkeypatch)


def test_cues_lie_in_their_beats_in_the_order_of_their_words(example: Trace) -> None:
    lesson = write_lesson(example, Locale("en"))
    engine = SilentEngine(rate=1000)
    speeches = {beat.text: engine.speak(spoken(beat.text)) for c in lesson.chapters for beat in c.beats}
    for chapter in schedule(lesson, speeches, 30).chapters:
        for beat in chapter.beats:
            frames = list(beat.cues.values())
            assert frames == sorted(frames)
            assert all(LEAD * 30 - 1 <= frame < beat.end - beat.start for frame in frames)
