"""Lessons from Python: what is given is checked before any work, and README's example is run."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from llmtrace.errors import ModelError, SettingError
from llmtrace.meta import EXAMPLE
from llmtrace.trace import Trace
from renders import api
from renders.cli.reporters import NotebookReporter, PlainReporter, reporter_for
from renders.errors import RequestError
from renders.progress import NullReporter
from renders.request import LessonRequest
from scenes.lesson import write_lesson
from scenes.locale import LEVELS, Locale
from voiceover.errors import MusicMissingError

ROOT = Path(api.__file__).parent.parent


def test_the_example_of_the_readme(tmp_path: Path) -> None:
    """As a script without `if __name__ == "__main__"`, whose workers must not run it again."""
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
    (example,) = [block for block in blocks if "renders.api" in block]
    proof = """
assert lesson.media.samefile("what-will-be/lesson.mp4")
assert lesson.manifest.seconds > 5
assert lesson.manifest.chapters[0].beats[0].text
assert check(lesson.folder).wrong == []
print("well")
"""
    (tmp_path / "example.py").write_text(example + proof)
    done = subprocess.run(
        [sys.executable, "example.py"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    assert (done.returncode, done.stdout) == (0, "well\n"), done.stderr
    assert len(re.findall(r"^trace: [\d.]+ s$", done.stderr, re.MULTILINE)) == 1  # told once, by one process
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cache", "example.py", "what-will-be"]


EDITION = SimpleNamespace(folder=Path(), manifest=None, rows=())


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch) -> list[LessonRequest]:
    """What would be built."""
    requests: list[LessonRequest] = []

    def build(request: LessonRequest, *_: Any) -> SimpleNamespace:
        requests.append(request)
        return SimpleNamespace(edition=None)

    monkeypatch.setattr("renders.build.build", build)
    monkeypatch.setattr("renders.listen.listen", build)
    monkeypatch.setattr(
        "renders.publish.products.publish", lambda _: SimpleNamespace(folder=Path(), manifest=None, rows=())
    )
    return requests


WRONG: dict[str, tuple[dict[str, Any], type[Exception], str]] = {
    "quality": ({"quality": "drft"}, RequestError, "quality 'drft': no such quality; did you mean draft?"),
    "chapters": ({"chapters": ["atention"]}, RequestError, "did you mean attention"),
    "a text of chapters": ({"chapters": "tokens,mlpp"}, RequestError, "no such chapter"),
    "no chapters": ({"chapters": []}, RequestError, "none is named"),
    "language": ({"language": "fr"}, RequestError, "language 'fr': no such language; there are en, de"),
    "level": ({"level": "storry"}, RequestError, "did you mean story"),
    "fps": ({"fps": 0}, RequestError, "fps 0: takes a whole number from 1 to 120"),
    "fps of a half": ({"fps": 29.97}, RequestError, "fps 29.97: takes a whole number"),
    "fps as text": ({"fps": "30"}, RequestError, "fps '30': takes a whole number"),
    "speed": ({"speed": 3}, RequestError, "speed 3: takes a number from 0.7 to 1.5"),
    "new tokens": ({"new_tokens": 100_000}, RequestError, "new tokens 100000: takes a whole number"),
    "head": ({"head": "3,x"}, RequestError, "head '3,x': takes a block and a head of it, from 1, like 3.2"),
    "query": ({"query": 0}, RequestError, "query 0: tokens are counted from 1"),
    "key": ({"key": ""}, RequestError, "key: is empty"),
    "workers": ({"workers": 0}, RequestError, "workers 0: takes a whole number from 1"),
    "out": ({"out": 7}, RequestError, "out 7: takes the path"),
    "top-p": ({"top_p": 2.0}, SettingError, "top-p 2.0"),
    "model": ({"model": "gpt3"}, ModelError, "did you mean gpt2"),
    "music": ({"music": "nowhere.mp3"}, MusicMissingError, "nowhere.mp3: no such file"),
    "prompt": ({"prompt": 42}, RequestError, "takes a text, or a list of token ids"),
    "no prompt": ({"prompt": None}, RequestError, "takes a text, or a list of token ids"),
    "two prompts": ({"prompt": "Hi", "trace": EXAMPLE}, RequestError, "is of another one; give one"),
    "a run that is done": (
        {"prompt": None, "trace": EXAMPLE, "temperature": 1.0},
        RequestError,
        "its run is done; leave model",
    ),
}


@pytest.mark.parametrize("level", LEVELS)
def test_a_lesson_is_of_the_level_that_it_records(level: str, example: Trace, tmp_path: Path) -> None:
    lesson = api.listen(
        trace=EXAMPLE, level=level, chapters="mlp", voice="silent", out=tmp_path / "out", progress=False
    )
    wanted = {one: write_lesson(example, Locale("en", one, heard=True), ["mlp"]) for one in LEVELS}
    said = [beat.text for _, beat in lesson.manifest.beats]
    assert lesson.manifest.level == level
    assert [one for one in LEVELS if [b.text for b in wanted[one].chapters[0].beats] == said] == [level]


def test_a_video_is_of_the_level_that_it_records(example: Trace, tmp_path: Path) -> None:
    least: dict[str, Any] = {"quality": "draft", "fps": 2, "voice": "silent", "workers": 1}
    least |= {"chapters": "layernorm", "out": tmp_path / "out", "progress": False}
    lesson = api.make(trace=EXAMPLE, level="story", **least)
    wanted = {one: write_lesson(example, Locale("en", one), ["layernorm"]) for one in LEVELS}
    said = [beat.text for _, beat in lesson.manifest.beats]
    assert lesson.manifest.level == "story"
    assert [one for one in LEVELS if [b.text for b in wanted[one].chapters[0].beats] == said] == ["story"]


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_one_line_before_any_work(case: str, built: list[LessonRequest]) -> None:
    options, kind, says = WRONG[case]
    given = {"prompt": "What will be", **options}
    for function in (api.make, api.listen):
        if function is api.listen and {"quality", "fps", "workers"} & options.keys():
            continue
        with pytest.raises(kind) as raised:
            function(**given, progress=False)
        assert says in str(raised.value)
        assert "\n" not in str(raised.value)
    assert built == []


def test_what_is_given_in_other_forms_is_taken(built: list[LessonRequest], tmp_path: Path) -> None:
    (tmp_path / "song.wav").write_bytes(b"")
    api.make(
        [2061, 481],
        chapters=["attention", "tokens"],
        out=str(tmp_path / "out"),
        music=str(tmp_path / "song.wav"),
        progress=False,
    )
    api.make(trace=str(EXAMPLE), chapters="tokens", progress=False)
    first, second = built
    assert (first.prompt, first.chapters) == ((2061, 481), ("tokens", "attention"))
    assert (first.out, first.music) == (tmp_path / "out", tmp_path / "song.wav")
    api.listen("My cat", head=(3, 2), query="cat", key=1, progress=False)
    assert (built[2].head, built[2].query, built[2].key) == ((3, 2), "cat", 1)
    assert (second.prompt, second.trace, second.chapters) == ("What will be", EXAMPLE, ("tokens",))


def test_a_reporter_of_ones_own_is_told_and_not_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[object] = []

    def build(_: object, reporter: object) -> SimpleNamespace:
        told.append(reporter)
        return SimpleNamespace(edition=None)

    monkeypatch.setattr("renders.build.build", build)
    monkeypatch.setattr("renders.publish.products.publish", lambda _: EDITION)

    class Mine(NullReporter):
        def close(self) -> None:
            raise AssertionError("it is the caller's")

    mine = Mine()
    api.make("Hi", progress=mine)
    api.make("Hi", progress=False)
    api.make("Hi")
    assert told[0] is mine
    assert type(told[1]) is NullReporter
    assert type(told[2]) is PlainReporter  # a log, as here


def test_a_notebook_has_one_line_that_is_written_over(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[str] = []

    class Line:
        def update(self, content: dict[str, str], raw: bool) -> None:
            assert raw
            shown.append(content["text/plain"])

    ipython = SimpleNamespace(get_ipython=lambda: SimpleNamespace(kernel=object()))
    monkeypatch.setitem(sys.modules, "IPython", ipython)
    monkeypatch.setitem(sys.modules, "IPython.display", SimpleNamespace(display=lambda *_, **__: Line()))
    printed = io.StringIO()
    monkeypatch.setattr("sys.stdout", printed)
    reporter = reporter_for(as_json=False)
    assert type(reporter) is NotebookReporter
    reporter.stage("frames")
    reporter.note("a remark")
    reporter.total(100, exact=True)
    reporter.drawn("tokens", 100)
    reporter.ended("frames", 1.0)
    assert shown == ["frames", "frames: tokens, 100 of 100", "frames: 1.0 s"]
    assert printed.getvalue() == "a remark\n"
