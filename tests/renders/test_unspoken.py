"""A prompt that is written but not spoken is no error, with any voice."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from scipy.io import wavfile

from llmtrace.trace import Trace
from renders import narration
from renders.publish.recording_sheet import write_sheet
from renders.timeline import Timeline, schedule
from scenes.lesson import Lesson, write_lesson
from scenes.locale import Locale
from voiceover.voices import load_voice

PROMPTS = {
    "brackets": "[" * 63,
    "emoji": "😀🎉" * 20,
    "zero width": "\u200b\u200d\u2060",
    "signs without a name": "¨¦" * 30,
    "spaces": "  \n\t ",
}


def opening(example: Trace, prompt: str, language: str) -> Lesson:
    """The first chapter of a lesson of that prompt."""
    trace = Trace({name: example[name] for name in example.names()}, replace(example.meta, prompt=prompt))
    return write_lesson(trace, Locale(language), ["opening"])


def spans(timeline: Timeline) -> list[tuple[int, int]]:
    """The captions in milliseconds, as a video file has them."""
    cues = [cue for chapter in timeline.chapters for cue in chapter.captions]
    return [(round(cue.start * 1000), round(cue.end * 1000)) for cue in cues]


@pytest.mark.parametrize("voice", ["silent", "espeak", "piper", "recordings"])
@pytest.mark.parametrize("prompt", PROMPTS.values(), ids=PROMPTS)
def test_it_is_a_lesson(example: Trace, tmp_path: Path, prompt: str, voice: str) -> None:
    for language in ("en", "de") if voice != "piper" else ("en",):
        lesson = opening(example, prompt, language)
        if voice == "recordings":
            folder = tmp_path / language
            write_sheet(lesson, folder)
            for number, beat in enumerate(lesson.chapters[0].beats, 1):
                sound = np.ones(4000 * number, np.int16)
                wavfile.write(folder / f"{number:03}-opening-{beat.name}.wav", 8000, sound)
        name = f"recordings:{folder}" if voice == "recordings" else voice
        timeline = schedule(lesson, narration.speak(lesson, load_voice(name, language)), 30)
        found = spans(timeline)
        assert found
        assert all(start < end for start, end in found)
        assert all(one[1] <= other[0] for one, other in pairwise(found))
