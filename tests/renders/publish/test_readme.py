"""The commands that README shows for showing a lesson, run as they stand there."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import numpy as np
import pytest
from commands import run
from films import film
from PIL import Image

from llmtrace.meta import EXAMPLE
from llmtrace.trace import Trace

README = Path(__file__).parents[3] / "README.md"


@pytest.fixture
def lesson(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that README's commands name."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "renders" / "out").mkdir(parents=True)
    folder = tmp_path / "renders" / "out" / "what-will-be"
    film(Trace.load(EXAMPLE), folder, ("tokens", "output"))
    return folder


def commands(section: str) -> list[list[str]]:
    """Those of README's section, without what is said of them."""
    block = re.search(
        r"```sh\n(.*?)```", README.read_text("utf-8").partition(f"\n## {section}\n")[2], re.DOTALL
    )
    assert block
    return [shlex.split(line, comments=True) for line in block[1].splitlines()]


def all_run(lines: list[list[str]]) -> None:
    for program, *arguments in lines:
        assert program == "llm-lesson"
        status, out, err = run(*arguments)
        assert status == 0, err
        assert out


@pytest.mark.usefixtures("lesson")
def test_each_command_that_shows_a_lesson_runs() -> None:
    given = ["--voice", "silent", "--chapters", "tokens", "--out", "renders/out/what-will-be-listen"]
    assert run("listen", "--trace", str(EXAMPLE), *given)[0] == 0
    lines = commands("Show it")
    assert len(lines) == 6
    all_run(lines)


def test_each_command_that_makes_a_clip_runs(lesson: Path) -> None:
    lines = commands("One clip for a post")
    assert len(lines) == 5
    all_run(lines)
    shown = re.search(r"```html\n(.*?)```", README.read_text("utf-8"), re.DOTALL)
    assert shown
    (snippet,) = lesson.glob("clips/*-github/snippets/github/snippet.md")
    own = snippet.read_text("utf-8").partition("</a>")[0].replace("-softmax", "")
    kept = [re.sub(r'(alt|width)="[^"]*"', "", text).split() for text in (own + "</a>", shown[1])]
    assert kept[0] == kept[1]


def test_the_clip_on_top_moves_and_has_a_still_for_those_who_want_none() -> None:
    top = README.read_text("utf-8").partition("```sh")[0]
    still, moving = (README.parent / name for name in re.findall(r'src(?:set)?="([^"]*)"', top))
    assert '(prefers-reduced-motion: reduce)" srcset' in top
    with Image.open(moving) as clip, Image.open(still) as poster:
        assert clip.n_frames > 10
        clip.load()
        assert clip.info["duration"] == 1000  # its first picture is the finished one
        gap = np.asarray(clip.convert("RGB"), int) - np.asarray(poster.resize(clip.size).convert("RGB"))
    assert np.abs(gap).mean() < 4
    trace = Trace.load(EXAMPLE)
    block, head = trace.shown_head
    share = trace[f"block.{block:02d}.attn.pattern"][head, -1, 0]
    assert f"gives {share:.0%} of its attention to “What”" in top
