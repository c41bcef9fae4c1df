"""What a lesson's voice costs: speaking, mastering, memory, and speaking the same again."""

from __future__ import annotations

import multiprocessing
import resource
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

LIMITS = {"of_real_time": 0.2, "master_seconds": 10.0, "memory_mb": 500.0, "spoken_again": 0}
"""What each figure may be at most."""
LETTERS = 3900  # of five minutes, at some 13 a second


def measure() -> dict[str, Any]:
    """Speaks and masters a script of about five minutes in a process of its own, whose memory is its own.

    Times are those of one core: what else the machine does is not counted.
    Raises `VoiceNotInstalledError` without the packaged voice.
    """
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as other:
        figures = other.submit(_measured).result()
    return {**figures, "limits": LIMITS, "ok": all(figures[name] <= most for name, most in LIMITS.items())}


def _measured() -> dict[str, Any]:
    from renders.timeline import LEAD, TAIL
    from voiceover.cache import SpeechCache
    from voiceover.engines.piper import packaged
    from voiceover.master import assemble, master

    texts = _script()
    with tempfile.TemporaryDirectory(prefix="llm-lesson-bench-") as place:
        voice = packaged()
        voice.load()
        cache = SpeechCache(Path(place), voice)
        began = time.process_time()
        speeches = [cache.speak(text) for text in texts]
        speaking = time.process_time() - began
        spoken = sum(speech.seconds for speech in speeches)

        began, placed, now = time.process_time(), [], 0.0
        for speech in speeches:
            placed.append((now + LEAD, speech))
            now += LEAD + speech.seconds + TAIL
        track = master(assemble(placed, now), channels=2)
        mastering = time.process_time() - began

        again = SpeechCache(Path(place), packaged())
        for text in texts:
            again.speak(text)
    return {
        "script_seconds": round(len(track) / 48_000, 1),
        "speaking_seconds": round(speaking, 2),
        "of_real_time": round(speaking / spoken, 3),
        "master_seconds": round(mastering, 2),
        "memory_mb": round(_peak_mb()),
        "spoken_again": again.misses,
    }


def _script() -> list[str]:
    """The words of the bundled example's lesson to be heard, as many as last about five minutes."""
    from llmtrace.meta import EXAMPLE
    from llmtrace.trace import Trace
    from scenes.lesson import write_lesson
    from scenes.locale import Locale

    lesson = write_lesson(Trace.load(EXAMPLE), Locale("en", heard=True))
    texts = [beat.text for chapter in lesson.chapters for beat in chapter.beats]
    return texts[: int(np.searchsorted(np.cumsum([len(text) for text in texts]), LETTERS)) + 1]


def _peak_mb() -> float:
    """The most memory that this process has held, in 10⁶ bytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak * 1024 / 1e6
