"""Stills: what the video shows, at another size, without its ground, and as outlines."""

from __future__ import annotations

import json
import re
from pathlib import Path
from xml.etree import ElementTree

import editions
import films
import numpy as np
import pytest
from browser import chromium, shot
from commands import run
from PIL import Image

from llmtrace.trace import Trace
from renders.edition.edition import Edition
from renders.errors import RequestError
from renders.publish.still import StillOptions, still
from scenes.lesson import write_lesson
from scenes.locale import Locale

WIDTH, HEIGHT = 640, 360
SVG = "{http://www.w3.org/2000/svg}"
GROUND = (12, 13, 18)


@pytest.fixture(scope="module")
def lesson(example: Trace, tmp_path_factory: pytest.TempPathFactory) -> Edition:
    return films.grey_film(example, tmp_path_factory.mktemp("filmed") / "out", ("tokens", "embedding"))


@pytest.fixture(scope="module")
def drawn(lesson: Edition, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The same beat, which has a heat map and letters, in every form."""
    place = tmp_path_factory.mktemp("stills")
    made = {}
    for name, kind, transparent in (
        ("png", "png", False),
        ("webp", "webp", False),
        ("svg", "svg", False),
        ("clear", "png", True),
    ):
        options = StillOptions(kind, WIDTH, transparent)  # type: ignore[arg-type]
        path = place / f"{name}.{kind}"
        made[name] = still(lesson, "embedding:vector", path, options).path
    return made


def pixels(path: Path) -> np.ndarray:
    return np.asarray(Image.open(path).convert("RGB"), int)


def said(trace: Trace) -> str:
    beats = write_lesson(trace, Locale("en"), ["embedding"]).chapter("embedding").beats
    return next(beat.text for beat in beats if beat.name == "vector")


def test_a_picture_has_the_size_and_says_what_it_shows(drawn: dict[str, Path], example: Trace) -> None:
    with Image.open(drawn["png"]) as png:
        assert png.size == (WIDTH, HEIGHT)
        png.load()
        assert said(example) in png.info["Description"]
        assert png.info["Title"] == "Embedding: What will be"
    assert np.array_equal(pixels(drawn["png"]), pixels(drawn["webp"]))
    assert tuple(pixels(drawn["png"])[5, 5]) == GROUND


def test_without_its_ground_it_is_the_same_picture_on_any_other(drawn: dict[str, Path]) -> None:
    clear = np.asarray(Image.open(drawn["clear"]), float)
    opacity = clear[..., 3:] / 255
    assert (opacity == 0).mean() > 0.5
    on_ground = clear[..., :3] * opacity + np.array(GROUND) * (1 - opacity)
    gap = np.abs(on_ground - pixels(drawn["png"])).max(axis=2)
    assert (gap > 4).mean() < 0.001


def test_outlines_are_drawn_alike_by_a_browser(drawn: dict[str, Path]) -> None:
    with chromium() as browser:
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        page.goto(drawn["svg"].as_uri())
        seen = np.asarray(shot(page).convert("RGB"), int)
    gap = np.abs(seen - pixels(drawn["png"]))
    assert gap.mean() < 1
    assert np.abs(seen.mean(axis=(0, 1)) - pixels(drawn["png"]).mean(axis=(0, 1))).max() < 0.5


def test_outlines_need_nothing_from_elsewhere(drawn: dict[str, Path], example: Trace) -> None:
    text = drawn["svg"].read_text("utf-8")
    root = ElementTree.fromstring(text)
    assert root.attrib["role"] == "img"
    assert root.attrib["viewBox"] == f"0 0 {WIDTH} {HEIGHT}"
    assert [root[0].tag, root[1].tag] == [f"{SVG}title", f"{SVG}desc"]
    assert said(example) in (root[1].text or "")
    tags = {element.tag.removeprefix(SVG) for element in root.iter()}
    assert not tags & {"script", "text", "style", "foreignObject", "a"}
    links = re.findall(r'href="([^"]*)"', text)
    assert all(link.startswith(("#", "data:image/png;base64,")) for link in links)
    assert len(re.findall("<path", text)) > 100
    assert drawn["svg"].stat().st_size < 300_000


def test_of_a_chapter_it_is_the_beat_that_ends_on_most_readings(lesson: Edition) -> None:
    made = still(lesson, "embedding", options=StillOptions(width=320))
    assert made.path == lesson.folder / "stills" / "what-will-be-embedding.png"
    assert "A map of words" in made.alt
    code, out, _ = run("still", "embedding:near", str(lesson.folder), "--width", "320", "--json")
    assert code == 0
    assert json.loads(out)["still"].endswith("what-will-be-embedding-near.png")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["embedding:vector..near"], "a still is of one beat"),
        (["embedding:vectr"], "did you mean vector?"),
        (["embedding", "--theme", "lihgt"], "did you mean light?"),
        (["embedding", "--width", "9"], "width 9: takes a whole number from 160 to 7680"),
        (["embedding", "--out", "x.gif"], "a still is .png, .webp, .svg"),
        (["embedding", "--out", "x.png", "--format", "svg"], "let its name end in .svg"),
        (["embedding", "--language", "de"], "is made already"),
    ],
)
def test_what_cannot_be_drawn_is_refused_in_one_line(
    lesson: Edition, arguments: list[str], says: str
) -> None:
    code, _, err = run("still", arguments[0], str(lesson.folder), *arguments[1:])
    assert code == 2
    (line,) = (line for line in err.splitlines() if line.startswith("llm-lesson:"))
    assert says in line


def test_a_lesson_to_listen_to_has_no_still(example: Trace, tmp_path: Path) -> None:
    heard = editions.edition_of(example, tmp_path / "heard", ("tokens",))
    with pytest.raises(RequestError, match="is a lesson to listen to"):
        still(heard, "tokens", tmp_path / "x.png")
    assert not (tmp_path / "x.png").exists()


def test_a_prompt_that_is_not_made_has_the_same_picture(
    lesson: Edition, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is spoken or filmed for it, and its beats last otherwise; the picture is the same."""
    monkeypatch.setattr("renders.store.places.results", lambda: tmp_path / "out")
    for part, chapter in (("embedding:near", "embedding"), ("tokens", "tokens")):
        alone = films.grey_film(lesson.trace, tmp_path / chapter, (chapter,))
        made = still(alone, part, tmp_path / "made.png", StillOptions(width=320))
        trace = ("--trace", str(lesson.folder / "trace.safetensors"))
        code, out, err = run("still", part, *trace, "--width", "320", "--json")
        assert code == 0, err
        told = json.loads(out)
        assert told["alt"] == made.alt
        assert np.array_equal(pixels(Path(told["still"])), pixels(made.path))
        assert [file.name for file in Path(told["still"]).parents[1].iterdir()] == ["stills"]
    stages = [json.loads(line)["stage"] for line in err.splitlines() if '"stage"' in line]
    assert stages == ["trace", "lesson", "beats", "still"]
