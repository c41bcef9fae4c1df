"""A clip is proved with its lesson, and a digit that was changed in any of its words is named."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import films
import msgspec
import numpy as np
import pytest
from animated import animated
from commands import run
from PIL import Image

from llmtrace.trace import Trace
from renders.check import verify
from renders.edition.edition import Edition
from renders.errors import CheckError
from renders.media.moving import HELD
from renders.publish.clip import ClipOptions, clip
from renders.publish.clip_file import CLIP, ClipManifest
from renders.store.cache import digest

NAME = "what-will-be-output"


@pytest.fixture(scope="module")
def made(example: Trace, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a lesson with a clip of a chapter in it."""
    lesson = films.grey_film(example, tmp_path_factory.mktemp("filmed") / "out", ("tokens", "output"))
    return clip(lesson, "output", options=ClipOptions(place="youtube")).folder


@pytest.fixture
def copy(made: Path, tmp_path: Path) -> Path:
    """A clip below a copy of its lesson."""
    lesson = shutil.copytree(made.parent.parent, tmp_path / "lesson", ignore=shutil.ignore_patterns("clips"))
    return Path(shutil.copytree(made, lesson / "clips" / made.name))


def swapped(file: str, was: str, now: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        text = (folder / file).read_text("utf-8")
        assert was in text, (file, was)
        (folder / file).write_text(text.replace(was, now, 1), "utf-8")

    return change


def digit(file: str, number: str) -> Callable[[Path], tuple[str, str]]:
    """Changes the digit that is the group of the regular expression; returns the number before and after."""

    def change(folder: Path) -> tuple[str, str]:
        text = (folder / file).read_text("utf-8")
        found = re.search(number, text)
        assert found, (file, number)
        at, other = found.start(1), str((int(found[1]) + 1) % 10)
        changed = text[:at] + other + text[at + 1 :]
        (folder / file).write_text(changed, "utf-8")
        return found[0], changed[found.start() : found.end()]

    return change


def two_shares(folder: Path) -> None:
    """Exchanges those of the two likeliest tokens in the alternative text."""
    text = (folder / CLIP).read_text("utf-8")
    found = re.search(r"(\d+\.\d%)(, “.+?” with )(\d+\.\d%)", text)
    assert found
    (folder / CLIP).write_text(text.replace(found[0], found[3] + found[2] + found[1], 1), "utf-8")


def forged(folder: Path) -> None:
    """Writes down the digests of the files as they are now."""
    about = ClipManifest.load(folder)
    files = {
        name: msgspec.structs.replace(
            file, sha256=digest(folder / name), bytes=(folder / name).stat().st_size
        )
        for name, file in about.files.items()
    }
    msgspec.structs.replace(about, files=files).save(folder)


def another_poster(folder: Path) -> None:
    path = folder / f"{NAME}.png"
    picture = np.array(Image.open(path))
    picture[60:90, 60:110] ^= 128  # half of all levels away, whatever it was
    Image.fromarray(picture).save(path)


def another_video(folder: Path) -> None:
    other = clip(Edition.load(folder.parent.parent), "tokens", folder.parent / "other")
    assert other.video is not None
    shutil.copyfile(other.video, folder / f"{NAME}.mp4")


def test_a_clip_is_proved(made: Path) -> None:
    verdict = verify(made)
    assert (verdict.wrong, verdict.unproved) == ([], [])
    assert verdict.readings > 20
    assert verdict.told > 10


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (digit(f"{NAME}.vtt", r"\d+\.(\d)%[.,]?"), f"{NAME}.vtt: at "),
        (digit(f"{NAME}.vtt", r"\d+\.(\d)%[.,]?"), "says '{now}', the lesson says '{was}'"),
        (digit(f"{NAME}.srt", r"\d+\.(\d)%"), "says '{now}"),
        (digit(f"{NAME}.txt", r"\d+,\d\d(\d)"), "says '{now}"),
        (digit(f"{NAME}.alt.txt", r"\d+\.(\d)%\."), "says '{now}', the lesson says '{was}'"),
        (digit("snippets/html/snippet.html", r"\d&#46;(\d)&#37;"), "snippets/html/snippet.html: "),
        (digit(f"snippets/hugo/data/llm_clips/{NAME}.json", r"\.(\d)%"), f"llm_clips/{NAME}.json: says"),
        (digit(CLIP, r"(?<=” with )\d+\.(\d)%"), "is '{was}', and it does not say so"),
        (two_shares, "and it does not"),
        (swapped(CLIP, "Taken is", "Of 9, taken is"), "alternative text: 9 is said, and no reading has it"),
        (digit(CLIP, r'(?<="text": ")\d+\.(\d)%'), "shown as '{now}', the trace says '{was}'"),
        (swapped(CLIP, "top 10 tokens", "top 10 of 7 tokens"), "7 is said, and no reading has it"),
        (swapped(CLIP, '"model": "gpt2-pocket"', '"model": "gpt9"'), "says that the model is 'gpt9'"),
        (swapped(CLIP, '"licence": "nobody', '"licence": "free'), "its voice and licence are not those"),
        (another_poster, f"{NAME}.png: does not begin with the picture"),
        (another_video, f"{NAME}.mp4 shows another picture"),
    ],
)
def test_what_was_changed_is_named(
    copy: Path, change: Callable[[Path], tuple[str, str] | None], says: str
) -> None:
    was, now = change(copy) or ("", "")
    forged(copy)
    assert says.format(was=was, now=now) in "\n".join(verify(copy).wrong)


@pytest.mark.parametrize("kind", ["gif", "webp"])
def test_a_picture_that_moves_is_compared_at_the_end_of_each_beat(
    copy: Path, kind: Literal["gif", "webp"]
) -> None:
    lesson = Edition.load(copy.parent.parent)
    moving = clip(lesson, "tokens", copy.parent / "moving", ClipOptions(formats=(kind,)))
    assert verify(moving.folder).wrong == []
    path, end = moving.file(kind), moving.about.beats[0].end
    assert path is not None
    shown, until = animated(path), 0
    for picture, lasts in shown:
        if until >= 1000 * (HELD + end):  # what is in the second beat and those after it
            picture.paste("lime", (0, 0, picture.width // 2, picture.height))
        until += lasts
    (first, *others), times = zip(*shown, strict=True)
    first.save(path, save_all=True, append_images=others, duration=list(times), loop=0)
    forged(moving.folder)
    wrong = verify(moving.folder).wrong
    assert [line.split(" at ")[0] for line in wrong] == [
        f"tokens, {beat.name}" for beat in moving.about.beats[1:]
    ]
    assert all(line.endswith(f"{path.name} shows another picture") for line in wrong)


def test_a_reading_that_is_left_out_is_named(copy: Path) -> None:
    about = ClipManifest.load(copy)
    gone = next(row for row in about.numbers if row.where == "screen")
    rest = tuple(row for row in about.numbers if row is not gone)
    msgspec.structs.replace(about, numbers=rest).save(copy)
    assert f"lacks the reading {gone.text!r} of {gone.tensor}" in "\n".join(verify(copy).wrong)


def test_a_file_that_was_changed_or_is_gone_is_told(copy: Path) -> None:
    (copy / f"{NAME}.mp4").write_bytes(b"0")
    (copy / f"{NAME}.srt").unlink()
    verdict = verify(copy)
    assert f"{NAME}.mp4: is not as it was written: its bytes are others" in verdict.wrong
    assert f"{NAME}.srt: is not there" in verdict.unproved


def test_a_clip_elsewhere_is_proved_with_its_lesson_alone(made: Path, copy: Path, tmp_path: Path) -> None:
    away = shutil.copytree(made, tmp_path / "away")
    with pytest.raises(CheckError, match=r"no folder above has the lesson that clip\.json was cut out of"):
        verify(away)
    assert verify(away, lesson=made.parent.parent).wrong == []
    code, out, _ = run("check", str(away), "--lesson", str(made.parent.parent), "--json")
    assert (code, json.loads(out)["ok"]) == (0, True)
    (copy.parent.parent / "trace.safetensors").write_bytes(b"another")
    with pytest.raises(CheckError, match=r"is not the lesson that clip\.json was cut out of"):
        verify(away, lesson=copy.parent.parent)


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ('"name": "what-will-be-output"', '"name": "../../x"'),
        (f'"{NAME}.mp4"', '"../../../etc/passwd"'),
        (f'"{NAME}.mp4"', '"/etc/passwd"'),
        ('"from": 0.0', '"from": NaN'),
        ('"from": 0.0', '"from": -1'),
        ('"format": 1', '"format": 9'),
        ('"chapter": "output"', '"chapter": "a/b"'),
        ('"fps": 10', '"fps": 0'),
        ("{", "["),
    ],
)
def test_a_hostile_clip_is_refused_in_one_line(copy: Path, was: str, now: str) -> None:
    swapped(CLIP, was, now)(copy)
    code, _, err = run("check", str(copy))
    assert code == 2
    assert len(err.splitlines()) == 1
    assert CLIP in err


def test_a_clip_with_its_words_in_the_picture_is_proved_too(copy: Path) -> None:
    lesson = Edition.load(copy.parent.parent)
    square = clip(lesson, "tokens:ids", copy.parent / "square", ClipOptions(place="square"))
    assert verify(square.folder).wrong == []
    other = clip(lesson, "tokens:cut", copy.parent / "other", ClipOptions(place="square"))
    assert square.video is not None
    assert other.video is not None
    shutil.copyfile(other.video, square.video)
    forged(square.folder)
    assert "tokens, ids at " in "\n".join(verify(square.folder).wrong)
