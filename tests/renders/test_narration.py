"""A lesson's sound is made chapter by chapter: heard as one, and kept wherever a chapter stands."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest
from segments import segments

from renders import narration
from renders.media.audio import write_audio
from renders.media.mp4 import mux
from renders.timeline import SOUND_FRAME, Timeline, schedule
from scenes.lesson import Beat, Chapter, Lesson
from scenes.locale import Locale
from voiceover.loudness import RATE, loudness
from voiceover.master import TARGET
from voiceover.speech import Samples, Speech

EN, VOICE, CHAPTERS = Locale("en"), 22_050, 4


def told(fps: int, *, longer: int = 0, at: int = 1) -> Timeline:
    """Four chapters of two sentences, noise that comes and goes; one of them may be `longer` by samples."""
    speeches, chapters = dict[str, Speech](), []
    for chapter in range(CHAPTERS):
        for beat in range(2):
            rng, text = np.random.default_rng([chapter, beat]), f"{chapter} {beat}"
            samples = 3 * VOICE + 1234 * chapter + longer * (chapter == at and beat == 0)
            loud = 0.03 * (1 + chapter) * np.abs(np.sin(np.arange(samples) / VOICE * 9))
            speeches[text] = Speech((rng.uniform(-1, 1, samples) * loud).astype(np.float32), VOICE)
        beats = tuple(Beat(f"{chapter} {beat}", f"{chapter} {beat}", ()) for beat in range(2))
        chapters.append(Chapter(str(chapter), EN, str(chapter), beats))
    return schedule(Lesson("x", EN, tuple(chapters)), speeches, fps)


def of_the_file(path: Path) -> Samples:
    with av.open(str(path)) as container:
        return np.concatenate([frame.to_ndarray()[0] for frame in container.decode(audio=0)])


@pytest.mark.parametrize("fps", [24, 30])
def test_the_chapters_sounds_are_joined_as_if_they_were_one(tmp_path: Path, fps: int) -> None:
    timeline = told(fps)
    tracks = narration.write_tracks(timeline, None, tmp_path, tmp_path / "cache")
    picture = segments(tmp_path, (timeline.chapters[-1].end,), fps)
    mux(picture, tracks, [], [], tmp_path / "parts.mp4", fps=fps)
    sound = narration.sound(timeline)
    write_audio(tmp_path / "whole.m4a", sound)
    joined, whole = (of_the_file(tmp_path / name) for name in ("parts.mp4", "whole.m4a"))
    assert len(tracks) == CHAPTERS
    heard = min(len(joined), len(sound))
    assert heard > len(sound) - RATE // 1000  # a video's edit list counts in milliseconds
    lost = [np.square(one[:heard] - sound[:heard]).mean() for one in (joined, whole)]
    assert lost[0] == pytest.approx(lost[1], rel=0.05)
    assert lost[0] < np.square(sound).mean() / 2


def test_all_chapters_are_as_loud_as_the_whole_is_to_be() -> None:
    timeline = told(30)
    heard = narration.sound(timeline)
    assert len(heard) == round(timeline.seconds * RATE)
    target = TARGET - 10 * np.log10(2)
    assert loudness(heard) == pytest.approx(target, abs=0.2)
    for chapter in timeline.chapters:  # though one was spoken four times as loud as another
        first, last = (round(frame * RATE / timeline.fps) for frame in (chapter.start, chapter.end))
        assert loudness(heard[first:last]) == pytest.approx(target, abs=0.2)


@pytest.mark.parametrize("at", range(CHAPTERS))
def test_a_changed_sentence_costs_its_own_chapters_sound_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    mastered, master = list[int](), narration.master

    def counting(samples: Samples, *, channels: int = 1) -> Samples:
        mastered.append(len(samples))
        return master(samples, channels=channels)

    monkeypatch.setattr(narration, "master", counting)
    before, after = told(30), told(30, longer=VOICE, at=at)
    narration.write_tracks(before, None, tmp_path, tmp_path / "cache")
    assert len(mastered) == CHAPTERS
    assert before.seconds < after.seconds
    narration.write_tracks(after, None, tmp_path, tmp_path / "cache")
    assert len(mastered) == CHAPTERS + 1
    assert all(chapter.start * RATE // 30 % SOUND_FRAME == 0 for chapter in after.chapters)
