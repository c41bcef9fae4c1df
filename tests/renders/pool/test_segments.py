"""A beat's key: what changes its picture changes it, and nothing else does."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

import renders
import scenes
from renders.pool.segments import drawing_files

ROOT = Path(renders.__file__).parent.parent

# Prints the key of every beat of the example; a beat is as long as its text.
KEYS = """
import json
from fnmatch import fnmatchcase
from pathlib import Path
from llmtrace.meta import EXAMPLE
from llmtrace.trace import Trace
from renders.pool.segments import SegmentCache
from renders.shot import Quality, RenderTask
from scenes.lesson import paced, write_lesson
from scenes.locale import Locale

cache, keys = SegmentCache("a trace"), {}
for chapter in write_lesson(Trace.load(EXAMPLE), Locale("en")).chapters:
    scheduled = paced(chapter, lambda beat: len(beat.text))
    task = RenderTask(Path("t"), scheduled, None, Quality(320, 180), 30, {})
    keys[chapter.name] = {one.beat.name: cache.key(task, one.beat.name) for one in scheduled.beats}
print(json.dumps(keys))
"""


def keys(root: Path) -> dict[str, dict[str, str]]:
    result = subprocess.run(
        [sys.executable, "-c", KEYS], cwd=root, capture_output=True, text=True, check=True
    )  # what is imported is below the working directory
    found: dict[str, dict[str, str]] = json.loads(result.stdout)
    return found


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("code")
    for package in ("renders", "scenes", "llmtrace", "voiceover"):
        ignored = shutil.ignore_patterns("__pycache__", "out", "gallery")
        shutil.copytree(ROOT / package, place / package, ignore=ignored)
    return place


@pytest.fixture(scope="module")
def before(copied: Path) -> dict[str, dict[str, str]]:
    return keys(copied)


COMMENT = ("", "\n# another line\n")
EVERY, NONE = set(scenes.CHAPTERS), set[str]()


@pytest.mark.parametrize(
    ("file", "old", "new", "chapters", "beats"),
    [
        ("renders/draw/camera.py", *COMMENT, EVERY, None),
        ("renders/draw/textures.py", *COMMENT, EVERY, None),
        ("renders/media/yuv.py", *COMMENT, EVERY, None),
        ("scenes/parts/label.py", *COMMENT, EVERY, None),
        ("scenes/stage.py", *COMMENT, EVERY, None),
        ("scenes/style.py", *COMMENT, EVERY, None),
        ("scenes/words.toml", *COMMENT, EVERY, None),
        ("llmtrace/trace.py", *COMMENT, EVERY, None),
        ("scenes/tokens/scene.py", *COMMENT, {"tokens"}, None),
        ("scenes/tokens/words.toml", "the list of", "a list of", {"tokens"}, None),
        (
            "scenes/tokens/words.toml",
            "What does a number know of",
            "What can a number know of",
            {"tokens"},
            {"ids"},
        ),
        ("scenes/tokens/script.py", *COMMENT, {"tokens"}, None),
        ("scenes/template.py", *COMMENT, EVERY, None),
        ("scenes/lesson.py", *COMMENT, NONE, None),
        ("renders/publish/transcript.py", *COMMENT, NONE, None),
        ("renders/media/mp4.py", *COMMENT, NONE, None),
        ("voiceover/master.py", *COMMENT, NONE, None),
    ],
)
def test_a_change_draws_exactly_what_it_changes(
    file: str,
    old: str,
    new: str,
    chapters: set[str],
    beats: set[str] | None,
    copied: Path,
    before: dict[str, dict[str, str]],
) -> None:
    path = copied / file
    content = path.read_text("utf-8")
    assert old in content
    path.write_text(content.replace(old, new) if old else content + new, "utf-8")
    try:
        after = keys(copied)
    finally:
        path.write_text(content, "utf-8")
    changed = {
        chapter: {beat for beat in of if after[chapter][beat] != of[beat]} for chapter, of in before.items()
    }
    assert changed == {
        chapter: (beats or set(of)) if chapter in chapters else set() for chapter, of in before.items()
    }


# What drawing loads and no picture depends on, because what it makes is in the key itself: the trace's file,
# words, beats and captions with their times, sizes. And what only says where something lies or went wrong.
SPARED = (
    "llmtrace/*",  # makes a trace; what reads one is in the key
    "voiceover/*",
    "scenes/chapter.py",
    "scenes/lesson.py",
    "scenes/script.py",
    "scenes/texts.py",
    "scenes/errors.py",
    "scenes/own.py",
    "renders/errors.py",
    "renders/limits.py",
    "renders/request.py",
    "renders/store/*",
)

# A process for each chapter, after what all need is loaded: prints its name and the files that are loaded.
LOADED = """
import os, sys
import renders.draw.render
from scenes.stage import scene_class
for chapter in sys.argv[1:]:
    if not (child := os.fork()):
        scene_class(chapter)
        files = (getattr(module, "__file__", None) for module in list(sys.modules.values()))
        print(chapter, *filter(None, files), sep="\\t", flush=True)
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0, chapter
"""


@pytest.fixture(scope="module")
def loaded() -> dict[str, list[str]]:
    """The files that are loaded when a chapter is drawn."""
    result = subprocess.run(
        [sys.executable, "-c", LOADED, *scenes.CHAPTERS], capture_output=True, text=True, check=True, cwd=ROOT
    )
    lines = (line.split("\t") for line in result.stdout.splitlines())
    return {chapter: files for chapter, *files in lines}


@pytest.mark.parametrize("chapter", scenes.CHAPTERS)
def test_no_file_that_drawing_imports_is_missing_from_its_key(
    chapter: str, loaded: dict[str, list[str]]
) -> None:
    ours = [Path(file) for file in loaded[chapter] if Path(file).is_relative_to(ROOT)]
    ours = [path.relative_to(ROOT) for path in ours if ".venv" not in path.parts]
    keyed = {path.relative_to(ROOT) for path in drawing_files(chapter)}
    assert {Path("scenes", chapter, "scene.py"), Path("renders/draw/camera.py")} <= keyed & set(ours)
    empty = {path for path in ours if path.name == "__init__.py"}
    missing = {
        path.as_posix()
        for path in set(ours) - keyed - empty
        if not any(fnmatchcase(path.as_posix(), pattern) for pattern in SPARED)
    }
    assert missing == set()
