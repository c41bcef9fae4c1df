"""A clip is proved with its lesson, and a digit that was changed in any of its words is named."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import films
import msgspec
import numpy as np
import pytest
from commands import run
from PIL import Image

from llmtrace.trace import Trace
from renders.check import verify
from renders.edition.edition import Edition
from renders.errors import CheckError
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
    picture[60:90, 60:110] = 255 - picture[60:90, 60:110]
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
        (swapped(f"{NAME}.vtt", "8.8%", "8.9%"), f"{NAME}.vtt: at "),
        (swapped(f"{NAME}.vtt", "8.8%", "8.9%"), "says '8.9%.', the lesson says '8.8%.'"),
        (swapped(f"{NAME}.srt", "40.8%", "48.8%"), "says '48.8%"),
        (swapped(f"{NAME}.txt", "8,193", "8,192"), "says '8,192"),
        (swapped(f"{NAME}.alt.txt", "7.1%", "7.7%"), "says '7.7%.', the lesson says '7.1%.'"),
        (
            swapped("snippets/html/snippet.html", "8&#46;8&#37;", "8&#46;9&#37;"),
            "snippets/html/snippet.html: ",
        ),
        (
            swapped(f"snippets/hugo/data/llm_clips/{NAME}.json", "8.8%", "8.9%"),
            f"llm_clips/{NAME}.json: says",
        ),
        (swapped(CLIP, "“a” with 7.1%", "“a” with 7.7%"), "is '7.1%', and it does not say so"),
        (
            swapped(CLIP, "“the” with 8.8%, “a” with 7.1%", "“the” with 7.1%, “a” with 8.8%"),
            "and it does not",
        ),
        (swapped(CLIP, "Taken is", "Of 9, taken is"), "alternative text: 9 is said, and no reading has it"),
        (swapped(CLIP, '"text": "40.8%"', '"text": "41.8%"'), "shown as '41.8%', the trace says '40.8%'"),
        (swapped(CLIP, "top 10 tokens", "top 10 of 7 tokens"), "7 is said, and no reading has it"),
        (swapped(CLIP, '"model": "gpt2-pocket"', '"model": "gpt9"'), "says that the model is 'gpt9'"),
        (swapped(CLIP, '"licence": "nobody', '"licence": "free'), "its voice and licence are not those"),
        (another_poster, f"{NAME}.png: does not begin with the picture"),
        (another_video, f"{NAME}.mp4 shows another picture"),
    ],
)
def test_what_was_changed_is_named(copy: Path, change: Callable[[Path], None], says: str) -> None:
    change(copy)
    forged(copy)
    assert says in "\n".join(verify(copy).wrong)


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
