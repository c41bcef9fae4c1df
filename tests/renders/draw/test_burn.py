"""Captions in the picture: on their frames, below a scene that is left as it was, the spoken word marked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby, pairwise
from pathlib import Path

import av
import numpy as np
import pytest
from manim import tempconfig
from tasks import task_of

from llmtrace.trace import Trace
from renders.draw.burn import Burner, Laid, Picture, inner
from renders.draw.pages import pages, width
from renders.draw.render import draw
from renders.shot import QUALITIES, BurnedCaption, burned_captions
from scenes import style
from voiceover.captions import Caption, captions_for
from voiceover.engines.silent import SilentEngine
from voiceover.spoken import spoken
from voiceover.timing import timed_text

FPS, WIDTH, HEIGHT = 30, 640, 360
TEXT = "Each token asks with its query, and answers with its key: 37 % of them get −1.2 at least."
GROUND = [*style.channels(style.GROUND)]


@pytest.fixture(autouse=True)
def _dry(tmp_path: Path) -> Iterator[None]:
    with tempconfig({"dry_run": True, "verbosity": "ERROR", "media_dir": str(tmp_path)}):
        yield


def said(text: str = TEXT, start: float = 0.0) -> list[Caption]:
    speech = SilentEngine(rate=1000).speak(spoken(text))
    return captions_for(timed_text(text, speech.seconds, speech.words), start)


def burned(made: tuple[BurnedCaption, ...], *repeats: int) -> list[tuple[Picture, int]]:
    """The frames that come out for pictures of one grey each."""
    out: list[tuple[Picture, int]] = []
    burner = Burner(made, Laid.wide(WIDTH, HEIGHT), lambda frame, repeat: out.append((frame.copy(), repeat)))
    width, height = inner(WIDTH, HEIGHT)
    for number, repeat in enumerate(repeats):
        burner(np.full((height, width, 4), 40 + number, np.uint8), repeat)
    return out


def band(frame: Picture) -> Picture:
    return frame[inner(WIDTH, HEIGHT)[1] :, :, :3]


def marked(frame: Picture) -> tuple[float, float]:
    """Where the whitest letters are: right, down."""
    rows, columns = np.nonzero(band(frame).min(axis=2) > 240)
    return float(columns.mean()), float(rows.mean())


def test_a_caption_has_the_words_of_the_one_that_is_said() -> None:
    for one, made in zip(said(), burned_captions(said(), 0, 9000, FPS), strict=True):
        assert "\n".join(" ".join(line) for line in made.lines) == one.text
        assert len(made.begins) == sum(map(len, made.lines))
        assert list(made.begins) == [round(word.start * FPS) for word in one.words]


def test_a_chapter_counts_its_own_frames() -> None:
    at_zero, later = burned_captions(said(), 0, 900, FPS), burned_captions(said(start=20.0), 600, 1500, FPS)
    assert at_zero == later


def test_a_still_picture_is_parted_where_the_next_word_is_spoken() -> None:
    made = burned_captions(said(), 0, 900, FPS)
    frames = burned(made, 400)
    assert sum(repeat for _, repeat in frames) == 400
    starts = np.cumsum([0, *(repeat for _, repeat in frames)]).tolist()
    assert {begin for one in made for begin in one.begins} <= set(starts)


def test_pictures_keep_their_frames_and_their_pixels() -> None:
    repeats = [1, 7, 1, 1, 90, 3, 200]
    frames = burned(burned_captions(said(), 0, 900, FPS), *repeats)
    width, height = inner(WIDTH, HEIGHT)
    left = (WIDTH - width) // 2
    shown = [0] * len(repeats)
    for frame, repeat in frames:
        scene = frame[:height, left : left + width]
        assert (scene == scene[0, 0]).all()
        shown[int(scene[0, 0, 0]) - 40] += repeat
        assert (frame[:height, :left, :3] == GROUND).all()
        assert (frame[:, :, 3] == 255).sum() >= WIDTH * HEIGHT - width * height
    assert shown == repeats


def test_the_mark_goes_along_with_the_words() -> None:
    (caption,) = burned_captions(
        [Caption(0, 4, "one two\nthree four", said("one two three four")[0].words)], 0, 120, FPS
    )
    places = [marked(frame) for frame, _ in burned((caption,), caption.begins[-1] + 5)]
    assert len(places) == 4
    assert places[0][0] < places[1][0]
    assert places[1][1] < places[2][1]  # on the second line
    assert places[2][0] < places[3][0]


def test_nothing_is_left_when_a_caption_ends_and_pauses_do_not_flicker() -> None:
    both = [*said("One.", 0.5), *said("Two.", 2.0), *said("Three.", 9.0)]
    made = burned_captions(both, 0, 600, FPS)
    assert made[0].end == made[1].start  # a short pause
    frames = burned(made, 600)
    empty = [(band(frame) == GROUND).all() for frame, _ in frames]
    assert empty == [True, False, False, True, False, True]


@pytest.mark.parametrize(
    "text", ["W" * 42 + " " + "W" * 41, "日本 😀 \u202eabc <b>#strong[x]</b> $y$ \\n", "gjpqy Éñ\ngjpqy|ÅÇ"]
)
def test_any_text_stays_inside_the_band(text: str) -> None:
    for frame, _ in burned(burned_captions(said(text), 0, 900, FPS), 300):
        strip = band(frame)
        edges = (strip[:2], strip[-2:], strip[:, :8], strip[:, -8:])
        assert all((edge == GROUND).all() for edge in edges)


UNDRAWN = ["日本語の文" * 8, "天 " * 30, "Say नमस्ते दुनिया to all: नमस्ते दुनिया नमस्ते"]


@pytest.mark.parametrize("text", [*UNDRAWN, "x" * 42 + " " + "天" * 42])
def test_what_no_font_has_is_cut_as_it_is_drawn(text: str) -> None:
    for caption in burned_captions(said(text), 0, 900, FPS):
        parts = pages(caption)
        assert all(width(line) * 0.8 <= 13.2 for part in parts for line in part.lines)
        assert all(len(part.lines) <= 2 for part in parts)
        joined = "".join(word for part in parts for line in part.lines for word in line)
        assert joined == "".join(word for line in caption.lines for word in line)
        assert [part.start for part in parts] == [caption.start, *(part.end for part in parts[:-1])]
        assert parts[-1].end == caption.end
        for part in parts:
            assert len(part.begins) == sum(map(len, part.lines))
            assert list(part.begins) == sorted(part.begins)
            assert part.start <= part.begins[0] <= part.begins[-1] <= part.end


def test_captions_of_what_can_be_drawn_are_left_as_they_are() -> None:
    for text in (TEXT, "W" * 30 + " " + "W" * 30, "„Ach so“, sagt er: 3 ≤ 4 ≈ 5."):
        for caption in burned_captions(said(text), 0, 900, FPS):
            assert pages(caption) == [caption]


@pytest.mark.parametrize("text", UNDRAWN)
def test_letters_in_the_band_can_be_read(text: str) -> None:
    (plain, _), *_ = burned(burned_captions(said("‹5929›"), 0, 900, FPS), 30)
    high = height_of_letters(plain)
    for frame, _ in burned(
        burned_captions(said(text), 0, 900, FPS), burned_captions(said(text), 0, 900, FPS)[-1].end
    ):
        assert height_of_letters(frame) >= 0.7 * high


def height_of_letters(frame: Picture) -> int:
    """The rows of the highest line of letters in the band."""
    inked = (band(frame).max(axis=2) > 150).any(axis=1)
    return max(len(list(rows)) for ink, rows in groupby(inked) if ink)


def test_a_chapter_is_drawn_with_its_captions(example: Trace, tmp_path: Path) -> None:
    both = [*said("The text is cut.", 0.2), *said("Each has a number.", 2.2)]
    task = task_of(example, "tokens", tmp_path, frames=60)
    drawn = draw(
        replace(
            task, captions=burned_captions(both, 0, task.frames, FPS), quality=QUALITIES["draft"], fps=FPS
        )
    )
    assert all(beat.rows for beat in drawn)
    frames = []
    for beat in drawn:
        with av.open(str(beat.segment)) as container:
            frames += [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
    assert len(frames) == task.frames == 60 * len(task.beats)
    lit = [int(band(frame).max()) > 200 for frame in frames]
    first = round(0.2 * FPS)
    assert not any(lit[:first])
    assert all(lit[first : first + 30])
    spread = max(int(np.abs(a.astype(int) - b).max()) for a, b in pairwise(map(band, frames[first:30])))
    assert spread > 60  # the mark has moved
