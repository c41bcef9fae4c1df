"""A clip: the lesson's own frames and samples, for the place that was named, and all its words."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import films
import msgspec
import numpy as np
import pytest
from animated import animated
from films import FPS, HEIGHT, WIDTH
from PIL import Image

from llmtrace.trace import Trace
from renders.edition.edition import Edition
from renders.media.audio import read_sound
from renders.media.decoding import decoded, pictures
from renders.media.probe import probe
from renders.progress import NullReporter, Reporter
from renders.publish.clip import Clip, ClipOptions, clip
from renders.publish.clip_file import ClipFile, ClipManifest
from renders.publish.clip_pictures import _SMALLER, _WELL, HOLD, Shape, fitting
from renders.publish.excerpt import Excerpt
from renders.publish.places import PLACES
from renders.publish.verdict import Verdict, flashing, verdicts
from voiceover.loudness import RATE


@pytest.fixture(scope="module")
def lesson(example: Trace, tmp_path_factory: pytest.TempPathFactory) -> Edition:
    return films.grey_film(example, tmp_path_factory.mktemp("filmed") / "out", ("tokens", "output"))


def frames(path: Path) -> list[np.ndarray]:
    return list(decoded(path, 0, 1 << 30))


def durations(path: Path) -> list[int]:
    return [lasts for _, lasts in animated(path)]


def test_a_clip_with_sound_has_the_lessons_frames_and_samples(lesson: Edition, tmp_path: Path) -> None:
    excerpt = Excerpt.of(lesson, "output:softmax..mass")
    made = clip(lesson, "output:softmax..mass", tmp_path / "clip")
    assert made.video is not None
    first, last = excerpt.span
    assert all(map(np.array_equal, frames(made.video), decoded(lesson.media, first, last)))
    found = probe(made.video)
    assert (found.video_frames, found.faststart, found.profile) == (last - first, True, "High")
    assert (found.audio_codec, found.audio_channels, found.audio_rate) == ("aac", 1, RATE)
    assert [text for _, _, text in found.captions] == [c.text for c in excerpt.captions]
    heard = read_sound(made.video, 0.0, excerpt.seconds)
    meant = read_sound(lesson.media, excerpt.start, excerpt.end)
    for beat in excerpt.shifted:
        at = round(beat.start * RATE)
        clicks = [int(np.abs(sound[at : at + 2 * films.CLICK]).argmax()) for sound in (heard, meant)]
        assert clicks[0] == pytest.approx(clicks[1], abs=0.005 * RATE)
    assert np.abs(heard[:8]).max() < 0.01


def test_a_silent_clip_has_no_track_and_repeats_after_a_pause(lesson: Edition, tmp_path: Path) -> None:
    made = clip(lesson, "tokens:listed", tmp_path / "clip", ClipOptions(sound=False))
    assert made.video is not None
    first, last = Excerpt.of(lesson, "tokens:listed").span
    shown = frames(made.video)
    assert len(shown) == last - first + round(HOLD * FPS)
    assert all(map(np.array_equal, shown, decoded(lesson.media, first, last)))
    assert all(np.array_equal(one, shown[last - first - 1]) for one in shown[last - first :])
    with av.open(str(made.video)) as container:
        assert [stream.type for stream in container.streams] == ["video"]
    assert (made.about.loop, made.about.held, made.about.voice) == (True, HOLD, None)
    once = clip(lesson, "tokens:listed", tmp_path / "once", ClipOptions(sound=False, loop=False))
    assert once.about.held == 0
    assert once.about.seconds == pytest.approx((last - first) / FPS)


def test_a_smaller_clip_is_encoded_again(lesson: Edition, tmp_path: Path) -> None:
    made = clip(lesson, "tokens:listed", tmp_path / "clip", ClipOptions(sound=False, height=90))
    assert made.video is not None
    first, last = Excerpt.of(lesson, "tokens:listed").span
    small = list(pictures(made.video, 0, last - first, WIDTH // 2, HEIGHT // 2))
    meant = list(pictures(lesson.media, first, last, WIDTH // 2, HEIGHT // 2))
    assert len(small) == len(meant)
    assert max(abs(a.mean() - b.mean()) for a, b in zip(small, meant, strict=True)) < 3
    assert probe(made.video).video_frames == last - first + round(HOLD * FPS)


@pytest.mark.parametrize(("kind", "rate"), [("gif", Fraction(25, 2)), ("webp", Fraction(25, 2))])
def test_a_picture_that_moves_begins_with_the_finished_one(
    lesson: Edition, tmp_path: Path, kind: str, rate: Fraction
) -> None:
    made = clip(lesson, "tokens:listed", tmp_path / "clip", ClipOptions(formats=(kind,)))  # type: ignore[arg-type]
    path = made.file(kind)  # type: ignore[arg-type]
    assert path is not None
    first, last = Excerpt.of(lesson, "tokens:listed").span
    shown = int((last - first) * rate / FPS)
    found = durations(path)
    if kind == "gif":
        assert found == [1000] + [80] * shown
    else:  # what looks like the picture before is the same picture, shown for longer
        assert found[0] >= 1000
        assert sum(found) == 1000 + 80 * shown
    assert made.poster is not None
    with Image.open(path) as moving, Image.open(made.poster) as poster:
        moving.seek(0)
        gap = np.asarray(moving.convert("RGB"), int) - np.asarray(poster.resize(moving.size).convert("RGB"))
    assert np.abs(gap).mean() < 4
    end = next(pictures(lesson.media, last - 1, last, WIDTH, HEIGHT))[..., :3]
    assert np.abs(np.asarray(Image.open(made.poster), int) - end).max() <= 2


def test_webm_has_the_same_frames_and_is_not_alone(lesson: Edition, tmp_path: Path) -> None:
    made = clip(lesson, "tokens:listed", tmp_path / "clip", ClipOptions(formats=("webm",)))
    webm, mp4 = made.file("webm"), made.file("mp4")
    assert webm is not None
    assert mp4 is not None
    with av.open(str(webm)) as container:
        assert [stream.codec_context.name for stream in container.streams] in (
            ["libdav1d", "libopus"],
            ["libdav1d", "opus"],
            ["av1", "opus"],
        )
        greys = [float(f.to_ndarray(format="yuv420p")[:HEIGHT].mean()) for f in container.decode(video=0)]
    meant = [float(f[:HEIGHT].mean()) for f in frames(mp4)]
    assert len(greys) == len(meant)
    assert max(abs(a - b) for a, b in zip(greys, meant, strict=True)) < 5
    heard = [read_sound(path, 0.0, 1.0) for path in (webm, mp4)]
    assert abs(int(np.abs(heard[0]).argmax()) - int(np.abs(heard[1]).argmax())) < 0.01 * RATE


def test_a_gif_is_made_smaller_until_its_place_takes_it(
    lesson: Edition, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = ClipOptions(place="email", snippets=False)
    whole = next(iter(clip(lesson, "tokens:ids", tmp_path / "whole", options).about.files.values()))
    few = whole.bytes - 1  # what it well may have: fewer colours do, for the place takes it
    with monkeypatch.context() as tight:
        tight.setattr("renders.publish.clip_pictures.budget", lambda *_, **__: few)
        other = next(iter(clip(lesson, "tokens:ids", tmp_path / "few", options).about.files.values()))
    assert (other.width, other.bytes < whole.bytes) == (whole.width, True)
    small = replace(PLACES["email"], most={"gif": other.bytes - 1}, width=whole.width or 0)
    monkeypatch.setitem(PLACES, "email", small)
    made = clip(lesson, "tokens:ids", tmp_path / "small", options)
    (file,) = (file for file in made.about.files.values() if file.kind == "gif")
    assert file.bytes < whole.bytes
    assert file.width == round((whole.width or 0) * 0.7)
    path = made.file("gif")
    assert path is not None
    assert set(durations(path)[1:]) == {100}
    assert next(iter(verdicts(made.about))).fits


@pytest.mark.parametrize(
    ("place", "whole", "ways"),
    [
        ("blog", 24_000, [(640, 256)]),  # bytes a second, of which 25,000 will do
        ("blog", 30_000, [(640, 256), (640, 64)]),
        ("blog", 50_000, [(640, 256), (448, 48)]),  # fewer colours are not expected to do
        ("blog", 90_000, [(640, 256), (384, 48)]),
        ("blog", 150_000, [(640, 256), (384, 48)]),  # not less than this where the place takes it
        ("email", 390_000, [(640, 256), (384, 48)]),
        ("email", 500_000, [(640, 256), (384, 48)]),  # with fewer pictures a second
        ("email", 900_000, [(640, 256), (320, 48)]),
    ],
)
def test_a_gif_that_moves_much_is_made_narrower_and_slower(
    lesson: Edition,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    place: str,
    whole: int,
    ways: list[tuple[int, int]],
) -> None:
    tried: list[tuple[int, int]] = []
    steps = (*_WELL["gif"], *_SMALLER["gif"])

    def made(_e: Excerpt, _k: str, width: int, to: Path, rate: Fraction, colours: int, _r: Reporter) -> Shape:
        tried.append((width, colours))
        share = next(
            s.bytes for s in steps if (round(s.width * 640), s.rate, s.quality) == (width, rate, colours)
        )
        to.write_bytes(bytes(round(10 * whole * share)))
        return Shape(width, width * 9 // 16, own=False)

    monkeypatch.setattr("renders.publish.clip_pictures.moving_picture", made)
    excerpt = Excerpt.of(lesson, "tokens:ids")
    shape = fitting(excerpt, "gif", PLACES[place], 10.0, tmp_path / "a.gif", NullReporter())
    assert (tried, shape.width) == (ways, ways[-1][0])


def test_all_its_words_are_beside_it(lesson: Edition, example: Trace, tmp_path: Path) -> None:
    made = clip(lesson, "output", tmp_path / "clip", ClipOptions(place="youtube"))
    excerpt = Excerpt.of(lesson, "output")
    texts = {kind: made.file(kind).read_text("utf-8") for kind in ("vtt", "srt", "text", "alt")}  # type: ignore[arg-type, union-attr]
    times = re.findall(r"(\d+):(\d+):([\d.]+) -->", texts["vtt"])
    starts = [int(h) * 3600 + int(m) * 60 + float(s) for h, m, s in times]
    assert starts == pytest.approx([c.start for c in excerpt.captions], abs=0.001)
    assert min(starts) < 4 < max(starts) < excerpt.seconds
    for beat in excerpt.beats:
        assert beat.text in texts["text"]
    assert texts["alt"].strip() == made.about.alt
    assert f"{example['generated.probability'][0].max():.1%}" in made.about.alt
    assert texts["srt"].count("-->") == texts["vtt"].count("-->")


def test_it_says_what_it_is(lesson: Edition, tmp_path: Path) -> None:
    made = clip(lesson, "output:softmax", tmp_path / "clip")
    again = ClipManifest.load(made.folder)
    assert again == made.about
    there = {f.relative_to(made.folder).as_posix() for f in made.folder.rglob("*") if f.is_file()}
    assert there == {*again.files, "clip.json"}
    assert (again.voice and again.voice.licence) == "nobody's"
    assert {row.where for row in again.numbers} == {"screen", "speech", "alt"}
    assert "/" not in json.dumps([again.name, again.source.title, again.chapter])
    assert [beat.name for beat in again.beats] == ["softmax"]
    assert (again.beats[0].start, again.beats[0].end) == (0.0, pytest.approx(again.seconds))


def test_the_same_bytes_twice(lesson: Edition, tmp_path: Path) -> None:
    options = ClipOptions(place="github")
    one, two = (clip(lesson, "tokens:listed", tmp_path / name, options) for name in "ab")
    assert [f.sha256 for f in one.about.files.values()] == [f.sha256 for f in two.about.files.values()]


def test_it_goes_into_the_lessons_folder_and_replaces_itself(lesson: Edition) -> None:
    made = clip(lesson, "tokens:ids")
    assert made.folder == lesson.folder / "clips" / "what-will-be-tokens-ids-blog"
    again = clip(lesson, "tokens:ids")
    assert isinstance(again, Clip)
    assert again.about == made.about
    assert [f.name for f in (lesson.folder / "clips").iterdir()] == [made.folder.name]


@pytest.mark.parametrize("place", PLACES)
def test_every_place_gets_what_its_table_says(lesson: Edition, tmp_path: Path, place: str) -> None:
    made = clip(lesson, "tokens:ids", tmp_path / "clip", ClipOptions(place=place))
    kinds = {file.kind for file in made.about.files.values()}
    assert {*PLACES[place].formats, "poster", "vtt", "text", "alt"} <= kinds
    assert ("srt" in kinds) == PLACES[place].srt


def judged(files: dict[str, ClipFile], place: str, lesson: Edition, tmp_path: Path) -> list[Verdict]:
    about = clip(lesson, "tokens:ids", tmp_path / "clip", ClipOptions(snippets=False)).about
    return list(verdicts(msgspec.structs.replace(about, files=files, place=place, seconds=10.0)))


def test_the_verdict_names_what_a_place_takes(lesson: Edition, tmp_path: Path) -> None:
    def file(kind: str, size: int, seconds: float | None = 10.0) -> ClipFile:
        content = {"kind": kind, "bytes": size, "sha256": "0" * 64, "width": 1280, "height": 720}
        return msgspec.convert({**content, "seconds": seconds}, ClipFile)

    (large,) = judged({"a.gif": file("gif", 1_000_001)}, "email", lesson, tmp_path)
    assert (large.fits, large.limit) == (False, "1.0 MB°")
    assert large.says.startswith("too large for email")
    (fitting,) = judged({"a.gif": file("gif", 200_000)}, "email", lesson, tmp_path)
    assert (fitting.fits, fitting.says, fitting.size) == (True, "fits", "1280×720, 200 kB")
    (over,) = judged({"a.gif": file("gif", 300_000)}, "email", lesson, tmp_path)
    assert over.says == "fits, but 250 kB would do; its one beat is long"  # no WebP: it has to be a GIF
    (moves,) = judged({"a.gif": file("gif", 300_000)}, "blog", lesson, tmp_path)
    assert moves.says == "fits, but 250 kB would do; --format webp takes less"
    (slow,) = judged({"a.gif": file("gif", 200_000, 10.5)}, "email", lesson, tmp_path)
    assert (slow.fits, slow.says[:44]) == (True, "fits, but few watch more than 10 s without s")
    (long,) = judged({"a.mp4": file("mp4", 9, 141.0)}, "x", lesson, tmp_path)
    assert (long.fits, long.limit) == (False, "512.0 MB and 2:20°")
    (heavy,) = judged({"a.mp4": file("mp4", 5_000_000)}, "blog", lesson, tmp_path)
    assert "fits, but 417 kB would do" in heavy.says
    both = {"a.webm": file("webm", 75_000), "a.mp4": file("mp4", 100_000)}
    assert judged(both, "blog", lesson, tmp_path)[0].says == "fits, 25% smaller than the MP4"


def test_a_clip_that_flashes_is_said_to(lesson: Edition, tmp_path: Path) -> None:
    about = clip(lesson, "tokens:ids", tmp_path / "clip", ClipOptions(snippets=False)).about
    assert flashing(msgspec.structs.replace(about, flashes=0.4)) is None
    assert "flashes, 3.0 by FFmpeg's filter" in (flashing(msgspec.structs.replace(about, flashes=3.0)) or "")


@pytest.mark.parametrize(("place", "size"), [("square", (1080, 1080)), ("x", (WIDTH, HEIGHT))])
def test_where_nothing_is_heard_the_words_are_in_the_picture(
    lesson: Edition, tmp_path: Path, place: str, size: tuple[int, int]
) -> None:
    made = clip(lesson, "tokens:ids", tmp_path / "clip", ClipOptions(place=place, snippets=False))
    assert made.video is not None
    (file,) = (file for file in made.about.files.values() if file.kind == "mp4")
    assert (file.width, file.height) == size
    assert file.inset is not None
    left, top, width, height = file.inset
    excerpt = Excerpt.of(lesson, "tokens:ids")
    (first, last), caption = excerpt.span, excerpt.captions[0]
    own = list(pictures(lesson.media, first, last, 16, 16))
    shown = list(pictures(made.video, 0, last - first, *size))
    assert len(shown) == last - first
    for frame in (0, (last - first) // 2, last - first - 1):
        scene = shown[frame][top : top + height, left : left + width, :3]
        assert abs(scene.mean() - own[frame][..., :3].mean()) < 4
    words = [picture[top + height :, :, :3].max() for picture in shown]
    assert max(words[: round(caption.start * FPS) - 1], default=0) < 60
    assert words[round((caption.start + caption.end) / 2 * FPS)] > 120
    assert not probe(made.video).captions  # or a player would show them twice
