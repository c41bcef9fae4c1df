"""Sound and picture of a lesson of five minutes: never a frame apart, in the arithmetic and in the file."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from renders.media.audio import write_audio
from renders.media.mp4 import mux
from renders.media.probe import probe
from renders.media.segment import SegmentWriter
from renders.timeline import Timeline, schedule
from scenes.lesson import Beat, Chapter, Lesson
from scenes.locale import Locale
from voiceover.loudness import RATE
from voiceover.master import assemble
from voiceover.speech import Samples, Speech

VOICE = 22_050  # samples a second of the voice, which is not that of the file
BEATS, CHAPTERS = 60, 6
EN = Locale("en")


def lesson_and_speeches() -> tuple[Lesson, dict[str, Speech]]:
    """Sixty beats whose lengths are no whole number of frames, each a click, silence and a click."""
    rng = np.random.default_rng(11)
    speeches: dict[str, Speech] = {}
    chapters = []
    for chapter in range(CHAPTERS):
        beats = []
        for beat in range(BEATS // CHAPTERS):
            text = f"{chapter} {beat}"
            sound = np.zeros(int(rng.integers(3 * VOICE, 6 * VOICE)), np.float32)
            sound[400] = sound[-400] = 0.9  # past the fades
            speeches[text] = Speech(sound, VOICE)
            beats.append(Beat(text, text, ()))
        chapters.append(Chapter(str(chapter), EN, str(chapter), tuple(beats)))
    return Lesson("x", EN, tuple(chapters)), speeches


def timed(fps: int) -> Timeline:
    lesson, speeches = lesson_and_speeches()
    return schedule(lesson, speeches, fps)


def track(timeline: Timeline) -> Samples:
    placed = [(b.words_at, b.speech) for chapter in timeline.chapters for b in chapter.beats]
    return assemble(placed, timeline.seconds)


def clicks(timeline: Timeline) -> list[Fraction]:
    """When each click of each beat belongs, in exact seconds, from the frames alone."""
    times = []
    for chapter in timeline.chapters:
        for beat in chapter.beats:
            lead = Fraction(beat.words_at).limit_denominator(10**6) - Fraction(beat.start, timeline.fps)
            start = Fraction(beat.start, timeline.fps) + lead
            length = len(beat.speech.samples)
            times += [start + Fraction(400, VOICE), start + Fraction(length - 400, VOICE)]
    return times


@pytest.mark.parametrize("fps", [24, 25, 30, 60])
def test_every_word_is_within_its_beats_frames(fps: int) -> None:
    timeline = timed(fps)
    sound = track(timeline)
    assert timeline.seconds > 280
    assert len(sound) == round(Fraction(timeline.chapters[-1].end, fps) * RATE)
    for chapter in timeline.chapters:
        for beat in chapter.beats:
            first, last = (round(Fraction(frame, fps) * RATE) for frame in (beat.start, beat.end))
            heard = np.flatnonzero(np.abs(sound[first:last]) > 0.1)
            assert heard.size, beat.beat.name
            assert heard[-1] < last - first - RATE // fps  # it ends before its last frame does
    for when in clicks(timeline):
        at = round(when * RATE)
        near = np.abs(sound[at - 200 : at + 200])
        assert abs(int(near.argmax()) - 200) <= 4  # samples, of the 800 that a frame at 60 a second lasts


def test_the_file_keeps_them_together(tmp_path: Path) -> None:
    fps, size = 30, 64
    timeline = timed(fps)
    parts = []
    shades = (40, 200)
    for number, chapter in enumerate(timeline.chapters):
        parts.append(tmp_path / f"{number}.mp4")
        with SegmentWriter(parts[-1], size, size, fps, preset="ultrafast") as segment:
            for place, beat in enumerate(chapter.beats):
                shade = shades[(number * len(chapter.beats) + place) % 2]
                segment.write(np.full((size, size, 4), shade, np.uint8), beat.end - beat.start)
    write_audio(tmp_path / "track.m4a", track(timeline))
    mux(parts, [tmp_path / "track.m4a"], [], timeline.titles, tmp_path / "out.mp4", fps=fps)

    found = probe(tmp_path / "out.mp4")
    assert found.video_frames == timeline.chapters[-1].end
    assert abs(Fraction(found.audio_seconds) - Fraction(found.video_seconds)) <= Fraction(1, fps)
    with av.open(str(tmp_path / "out.mp4")) as container:
        sound = np.concatenate([f.to_ndarray()[0] for f in container.decode(audio=0)])
    with av.open(str(tmp_path / "out.mp4")) as container:
        frames = [(f.pts * f.time_base, f.to_ndarray()) for f in container.decode(video=0)]
    levels = [int(picture[size // 2, size // 2]) for _, picture in frames]
    turns = [frames[i][0] for i in range(1, len(frames)) if abs(levels[i] - levels[i - 1]) > 50]
    beats = [beat for chapter in timeline.chapters for beat in chapter.beats]
    assert turns == [Fraction(beat.start, fps) for beat in beats[1:]]  # each beat's picture, on its frame
    for when in clicks(timeline):
        at = round(when * RATE)
        near = np.abs(sound[at - RATE // fps : at + RATE // fps])
        assert near.max() > 0.05
        assert abs(int(near.argmax()) - RATE // fps) <= RATE // 1000  # a millisecond of the 33 of a frame
