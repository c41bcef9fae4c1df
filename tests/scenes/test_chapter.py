"""A chapter is one folder and one name: it works when its three files fit, and says what does not."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import av
import pytest

import scenes
from llmtrace.trace import Trace
from scenes.chapter import _ours, load_chapter
from scenes.errors import ChapterError
from scenes.lesson import write_lesson
from scenes.locale import Locale
from scenes.parts.space.stations import STATIONS
from scenes.stage import scene_class

ROOT = Path(__file__).parents[2]
EXTRA = {
    "__init__.py": "",
    "words.toml": """
title = { en = "The end", de = "Ende" }

[beats.length]
en = "There are {*many}{count} {count:token|tokens}."
en_heard = "We had {count} {count:token|tokens}."
de = "Es sind {*many}{count} {count:Token|Tokens}."
de_heard = "Wir hatten {count} {count:Token|Tokens}."

[labels]
name = { en = "tokens", de = "Tokens" }
""",
    "script.py": """
from scenes.reading import Reader
from scenes.script import Handover, Said, Script, say


def length(read: Reader) -> Said:
    return say(count=read("tokens", how="count").integer())


script = Script((length,), enters=Handover("exit", "sentence"), leaves=Handover("exit", "nothing"))
""",
    "scene.py": """
from manim import RIGHT, FadeIn, VGroup

from scenes.parts.label import number, words
from scenes.clock import BeatClock
from scenes.stage import LessonScene


class Extra(LessonScene):
    chapter = "extra"

    def length(self, beat: BeatClock) -> None:
        count = number(self.read("tokens", how="count").integer())
        beat.play(FadeIn(VGroup(count, words(self.label("name"))).arrange(RIGHT)), share=0.3, at="many")
""",
}
Write = Callable[[dict[str, str]], None]


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Write]:
    """Writes the chapter `extra` into a folder of its own, with some of its files otherwise."""

    def write(other: dict[str, str]) -> None:
        (tmp_path / "extra").mkdir()
        for name, text in (EXTRA | other).items():
            (tmp_path / "extra" / name).write_text(text, encoding="utf-8")

    monkeypatch.setattr(scenes, "__path__", [*scenes.__path__, str(tmp_path)])
    monkeypatch.setattr(scenes, "CHAPTERS", (*scenes.CHAPTERS, "extra"))
    yield write
    _ours.cache_clear()
    for name in [name for name in sys.modules if name.startswith("scenes.extra")]:
        del sys.modules[name]
    vars(scenes).pop("extra", None)


@pytest.mark.parametrize("name", scenes.CHAPTERS)
def test_every_chapter_fits(name: str) -> None:
    folder = load_chapter(name)
    assert scene_class(name).chapter == folder.name == name
    assert {folder.script.enters.station, folder.script.leaves.station} <= {*STATIONS, ""}


@pytest.mark.parametrize("name", scenes.CHAPTERS)
def test_a_chapter_imports_no_other(name: str) -> None:
    for path in (ROOT / "scenes" / name).glob("*.py"):
        imported = set(re.findall(r"scenes(?:\.| import )(\w+)", path.read_text("utf-8")))
        assert imported & set(scenes.CHAPTERS) <= {name}, path


def test_a_chapter_enters_with_what_the_one_before_it_leaves() -> None:
    apart = [
        (one, following)
        for one, following in pairwise(scenes.CHAPTERS)
        if load_chapter(one).script.leaves.thing != load_chapter(following).script.enters.thing
    ]
    assert apart == []


def test_a_new_chapter_is_told_like_any_other(traced: Callable[..., Trace], written: Write) -> None:
    written({})
    lesson = write_lesson(traced("three tokens"), Locale("de"), ["extra", "loop"])
    assert [chapter.name for chapter in lesson.chapters] == ["loop", "extra"]
    (beat,) = lesson.chapter("extra").beats
    assert (beat.text, beat.cues[0].name) == ("Es sind 3 Tokens.", "many")
    assert lesson.chapter("extra").labels == {"name": "Tokens"}


WRONG = {
    "a beat without words": (
        {"script.py": EXTRA["script.py"].replace("length", "size")},
        "extra/words.toml: has no words for size, a beat of the script",
    ),
    "words without a beat": (
        {"words.toml": EXTRA["words.toml"] + EXTRA["words.toml"].split("\n\n")[1].replace("length", "size")},
        "extra/words.toml: size is no beat of the script; there are length",
    ),
    "a station that is not there": (
        {"script.py": EXTRA["script.py"].replace('"exit", "sentence"', '"moon", "sentence"')},
        "extra/script.py: no station is named 'moon'; there are whole, entry,",
    ),
    "no script": ({"script.py": "scripts = ()"}, "extra/script.py: has no `script`"),
    "no method": (
        {"scene.py": EXTRA["scene.py"].replace("def length", "def size")},
        "extra/scene.py: Extra has no method length, a beat of the script",
    ),
    "another name": (
        {"scene.py": EXTRA["scene.py"].replace('"extra"', '"tokens"')},
        'extra/scene.py: has no single LessonScene with `chapter = "extra"`',
    ),
    "a name that every scene has": (
        {name: text.replace("length", "play") for name, text in EXTRA.items()},
        "extra/scene.py: every scene has play already; give that beat another name",
    ),
    "a reading that is not given": (
        {"script.py": EXTRA["script.py"].replace("say(count=", "say(number=")},
        "chapter extra, beat length: no text and no reading is named 'count'",
    ),
    "a text that is not there": (
        {"script.py": EXTRA["script.py"].replace("say(", 'say("long", ')},
        "chapter extra, beat length: no text and no reading is named 'long'",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_does_not_fit_is_said(traced: Callable[..., Trace], written: Write, case: str) -> None:
    files, message = WRONG[case]
    written(files)
    trace = traced("three tokens")

    def load() -> None:
        write_lesson(trace, Locale("en"), ["extra"])
        scene_class("extra")

    with pytest.raises(ChapterError) as error:
        load()
    assert message in str(error.value)


def test_a_new_chapter_is_one_folder_and_one_name(tmp_path: Path) -> None:
    """In a copy of the package, where the command line finds it, its workers too, and makes its clip."""
    copy = tmp_path / "scenes"
    shutil.copytree(ROOT / "scenes", copy, ignore=shutil.ignore_patterns("__pycache__"))
    (copy / "extra").mkdir()
    for name, text in EXTRA.items():
        (copy / "extra" / name).write_text(text, encoding="utf-8")
    lists = copy / "__init__.py"
    longer = re.sub(r"(CHAPTERS = \([^)]*?),?\s*\)", r'\1, "extra")', lists.read_text("utf-8"), count=1)
    lists.write_text(longer, "utf-8")

    def run(*arguments: str) -> str:
        code = "import sys; from renders.cli.main import main; sys.exit(main())"
        places = {"PYTHONPATH": f"{tmp_path}:{ROOT}", "LLM_LESSON_CACHE": str(tmp_path / "cache")}
        done = subprocess.run(
            [sys.executable, "-c", code, *arguments],
            env=os.environ | places,
            cwd=tmp_path,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert re.search(r"extra +The end", run("chapters"))
    options = ("--chapters", "extra", "--quality", "draft", "--voice", "silent", "--workers", "1")
    run("make", "What will be", *options, "--out", str(tmp_path / "made"))
    with av.open(str(tmp_path / "made" / "lesson.mp4")) as container:
        assert sum(1 for _ in container.decode(video=0)) >= 60
    assert "3 tokens" in (tmp_path / "made" / "transcript.md").read_text("utf-8")
    run("check", str(tmp_path / "made"))


def test_the_readme_lists_the_chapters_that_are_there() -> None:
    rows = [
        line
        for line in (ROOT / "README.md").read_text("utf-8").splitlines()
        if line.startswith("| chapters ")
    ]
    (row,) = rows
    assert tuple(re.findall(r"`(\w+)`", row)) == scenes.CHAPTERS
