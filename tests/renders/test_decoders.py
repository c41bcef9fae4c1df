"""The lesson's H.264, in which frames repeat and streams are joined, in decoders that are not FFmpeg's.

OpenH264's is another's altogether; Chromium is what a page is seen in, and seeks by itself.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import openh264
import pytest
from browser import Visit, shot
from PIL import Image
from playwright.sync_api import Browser

from renders.edition.edition import Edition
from renders.media.decoding import decoded, pictures
from renders.media.mp4 import mux
from renders.media.segment import SegmentWriter


@pytest.fixture(scope="module")
def lesson(whole_lesson: Path) -> Edition:
    return Edition.load(whole_lesson)


def test_another_decoder_shows_every_frame_alike(lesson: Edition) -> None:
    fps, frames = lesson.manifest.fps, 0
    meant = decoded(lesson.media, 0, 1 << 30)
    for number, ((at, luma), planes) in enumerate(zip(openh264.luma(lesson.media), meant, strict=True)):
        assert round(at * fps) == number
        assert np.array_equal(luma, planes[: len(luma)]), f"frame {number}"
        frames += 1
    assert frames == round(lesson.manifest.seconds * fps)


def test_another_decoder_goes_to_where_a_beat_begins(lesson: Edition) -> None:
    fps = lesson.manifest.fps
    for chapter, beat in list(lesson.manifest.beats)[::5]:
        at, luma = next(openh264.luma(lesson.media, beat.start))
        assert round(at * fps) == round(beat.start * fps), f"{chapter.name}: {beat.name}"
        (planes,) = decoded(lesson.media, round(at * fps), round(at * fps) + 1)
        assert np.array_equal(luma, planes[: len(luma)])


def test_another_decoder_shows_the_default_settings_alike(tmp_path: Path) -> None:
    """Two segments of moves and of pictures that stay on, joined, as `make` encodes at its best quality."""
    rng, parts = np.random.default_rng(3), [tmp_path / "a.mp4", tmp_path / "b.mp4"]
    for part in parts:
        with SegmentWriter(part, 320, 180, 30) as segment:
            picture = np.full((180, 320, 4), 255, np.uint8)
            for hold in (1, 1, 1, 40, 1, 2, 1, 320, 1, 7):
                left = int(rng.integers(0, 250))
                picture[..., :3] = 12
                picture[40:140, left : left + 60, :3] = rng.integers(0, 255, (100, 60, 3))
                segment.write(picture, hold)
    whole = tmp_path / "whole.mp4"
    mux(parts, [], [], [], whole, fps=30)
    shown = [luma for _, luma in openh264.luma(whole)]
    assert len(shown) == 750
    assert all(
        np.array_equal(luma, planes[:180]) for luma, planes in zip(shown, decoded(whole, 0, 750), strict=True)
    )


def test_chromium_goes_to_the_frame_of_any_moment(lesson: Edition, browser: Browser) -> None:
    fps, beats = lesson.manifest.fps, list(lesson.manifest.beats)
    with browser.new_context(viewport={"width": 640, "height": 360}) as context:
        visit = Visit(context.new_page(), lesson.media.as_uri())
        visit.ready()
        # A video opened by itself plays: on a busy machine it would be further on when it is looked at.
        visit.page.evaluate("document.querySelector('video').pause()")
        for chapter, beat in beats[3::4]:
            for share in (0.0, 0.4):
                frame = round((beat.start + share * (beat.end - beat.start)) * fps)
                visit.seek((frame + 0.5) / fps)
                shown = shot(visit.page.locator("video")).convert("RGB").resize((640, 360))
                meant = Image.fromarray(next(pictures(lesson.media, frame, frame + 1, 640, 360))[..., :3])
                # Squares of 8, above the player's own controls; of another frame some would be others.
                gap = np.abs(np.asarray(shown, int) - np.asarray(meant, int))[:200].mean(2)
                worst = gap.reshape(25, 8, 80, 8).mean((1, 3)).max()
                assert worst < 8, f"{chapter.name}: {beat.name}, {share}"
        assert visit.complaints == []
