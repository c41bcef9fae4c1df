"""A chapter of one's own: README's is told like ours, and what is wrong with a folder is one line."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from llmtrace.trace import Trace
from renders.draw.look import Look
from renders.errors import RequestError
from renders.request import job
from scenes.errors import ChapterError
from scenes.lesson import write_lesson
from scenes.locale import Locale
from scenes.stage import at_reading_pace, scene_class

ROOT = Path(__file__).parents[2]
Write = Callable[..., Path]

pytestmark = pytest.mark.usefixtures("dry")


def of_readme() -> dict[str, str]:
    """The three files of the chapter that README shows."""
    text = (ROOT / "README.md").read_text("utf-8")
    part = text[text.index("## A chapter of your own") : text.index("## Hear it, read it")]
    words, script, scene = re.findall(r"```(?:toml|python)\n(.*?)```", part, re.DOTALL)
    return {"words.toml": words, "script.py": script, "scene.py": scene}


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes README's chapter into a folder, with some of its texts otherwise; None leaves a file out."""

    def made(name: str = "my-chapter", /, **other: tuple[str, str] | str | None) -> Path:
        folder = tmp_path / name
        folder.mkdir(exist_ok=True)
        for file, text in of_readme().items():
            new = other.get(file.partition(".")[0], ("", ""))
            if isinstance(new, tuple):
                assert new[0] in text
                new = text.replace(*new) if new[0] else text
            if new is not None:
                (folder / file).write_text(new, "utf-8")
        return folder

    return made


def run(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    code = "import sys; from renders.cli.main import main; sys.exit(main())"
    places = {"PYTHONPATH": str(ROOT), "LLM_LESSON_CACHE": str(cwd / "cache")}
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env=os.environ | places,
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
    )


def test_readmes_chapter_is_short() -> None:
    assert sum(len([line for line in text.splitlines() if line]) for text in of_readme().values()) <= 50


def test_readmes_chapter_is_made_and_proved(write: Write, tmp_path: Path) -> None:
    """With one of ours before it, in the order named; a change draws it again, and its faults are told."""
    write()
    fast = ("--quality", "draft", "--fps", "10", "--voice", "silent", "--workers", "1", "--json")
    make = ("make", "What will be", "--chapters", "loop,./my-chapter", *fast, "--out", "mine")
    made = run(*make, cwd=tmp_path)
    assert made.returncode == 0, made.stderr
    assert "“What” has the largest number: 2061." in (tmp_path / "mine" / "transcript.md").read_text("utf-8")
    whole = ("check", "mine", "--redraw", "--look", "--chapters", "./my-chapter", "--json")
    proved = run(*whole, cwd=tmp_path)
    assert (proved.returncode, '"wrong": [], "unproved": []' in proved.stdout) == (0, True), proved.stdout

    alone = run("check", "mine", "--redraw", cwd=tmp_path)
    assert alone.returncode == 0
    assert "not proved: my-chapter: its pictures, for it is no chapter of ours" in alone.stderr

    write(scene=("DOWN)), share", "DOWN, buff=-0.6)), share"))
    assert "my-chapter, largest at " in run(*whole, cwd=tmp_path).stdout  # the video is another one
    again = run(*make, cwd=tmp_path)
    assert "'its number' lies" in again.stdout or "overlap" in again.stdout, again.stdout
    found = run(*whole, cwd=tmp_path)
    assert found.returncode == 1
    assert re.search(r"my-chapter, largest at 0:\d\d: '[^']*' (and '[^']*' overlap|lies)", found.stdout)


def test_the_gates_hold_for_readmes_chapter(write: Write, traced: Callable[..., Trace]) -> None:
    source = str(write())
    for prompt in ("one token", "three tokens", "seven tokens"):
        trace = traced(prompt)
        scheduled = at_reading_pace(trace, source, Locale("en"), 30)
        scene = scene_class(source)(trace=trace, scheduled=scheduled, skip_animations=True)
        watched = Look(scene)
        scene.render()
        assert watched.found == []


def test_a_folder_that_was_changed_is_loaded_anew(write: Write, traced: Callable[..., Trace]) -> None:
    def said() -> str:
        return write_lesson(traced("three tokens"), Locale("en"), [str(write())]).chapters[0].beats[0].text

    assert said() == "Of 3 tokens, “What” has the largest number: 2061."
    folder = write(script=(".argmax()", ".argmin()"))
    lesson = write_lesson(traced("three tokens"), Locale("en"), ["loop", str(folder), "tokens"])
    assert [chapter.name for chapter in lesson.chapters] == ["loop", "my-chapter", "tokens"]
    assert lesson.chapters[1].beats[0].text == "Of 3 tokens, “be” has the largest number: 307."


def test_plain_manim_finds_a_scenes_own_folder(write: Write, traced: Callable[..., Trace]) -> None:
    scene = scene_class(str(write()))(trace=traced("three tokens"), skip_animations=True)
    scene.render()
    assert scene.now == scene.scheduled.frames > 0


WRONG: dict[str, tuple[dict[str, tuple[str, str] | str | None], str]] = {
    "no words": ({"words": None}, "my-chapter: has no words.toml; a chapter is a folder with"),
    "no scene": ({"scene": None}, "my-chapter: has no scene.py; a chapter is a folder with"),
    "bad TOML": ({"words": "title = {"}, "my-chapter/words.toml: cannot be read: "),
    "words that are no text": ({"words": ("[beats.largest]", "[beats]\nlong=3\n[beats.x]")}, "is no table"),
    "a binary": ({"words": "\0\1"}, "my-chapter/words.toml: cannot be read: "),
    "a number of its own": ({"words": ("Of {count}", "Of 3")}, "holds a number, and a number is a reading"),
    "bad Python": ({"script": "def ("}, "my-chapter/script.py, line 1: SyntaxError: "),
    "a module that is not there": ({"script": "import nowhere"}, "script.py, line 1: ModuleNotFoundError: "),
    "a script that ends": ({"script": "raise SystemExit(3)"}, "script.py, line 1: SystemExit: 3"),
    "a script that fails": (
        {"script": ("    place = int", "    place = 1 // 0 + int")},
        "my-chapter/script.py, line 7: ZeroDivisionError: ",
    ),
    "a beat that says nothing": ({"script": ("    return say", "    return None; say")}, "TypeError: "),
    "a tensor that is not there": ({"script": ('trace["tokens"]', 'trace["token"]')}, "script.py, line 7: "),
    "a scene that fails": ({"scene": ("FadeIn(row)", "FadeIn(no)")}, "scene.py, line 18: NameError: "),
    "another name": ({"scene": ('"my-chapter"', '"tokens"')}, "has no single LessonScene with `chapter = "),
    "another language": ({"words": ("en = ", "de = ")}, "has no 'en'; write it, or take --language de"),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_with_a_folder_is_one_line(
    write: Write, traced: Callable[..., Trace], case: str
) -> None:
    other, message = WRONG[case]
    folder = str(write(**other))
    trace = traced("three tokens")

    def load() -> None:
        scheduled = at_reading_pace(trace, folder, Locale("en"), 30)
        scene_class(folder)(trace=trace, scheduled=scheduled, skip_animations=True).render()

    with pytest.raises(ChapterError) as error:
        load()
    assert message in str(error.value)
    assert "\n" not in str(error.value)


def test_what_cannot_be_named_is_refused_at_once(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write("tokens"), write(), write("2nd")
    (tmp_path / "other").mkdir()
    twin = tmp_path / "other" / "my-chapter"
    write().rename(twin)
    write()
    for chapters, message in {
        "./nowhere": "no such folder; a chapter is a folder with words.toml, script.py, scene.py",
        "./tokens": "tokens: tokens is a chapter of ours; give the folder another name",
        "./2nd": "a chapter's name begins with a letter",
        "my-chapter": "if it is a folder of yours, name it ./my-chapter",
        "./my-chapter,./other/my-chapter": "there is another one of this name",
    }.items():
        with pytest.raises(RequestError, match=re.escape(message)):
            job("What will be", chapters=chapters)
    request = job("What will be", chapters="output,./my-chapter,tokens,./my-chapter")
    assert request.chapters == ("output", str(tmp_path / "my-chapter"), "tokens")
    assert request.folder().name == "what-will-be-output-my-chapter-tokens"
