"""What a notebook shows of a lesson, and that the example notebook runs as it stands."""

from __future__ import annotations

import ast
import base64
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import html5lib
import pytest
from films import film
from hostile import HOSTILE, prompted

from llmtrace.meta import EXAMPLE
from llmtrace.trace import Trace
from renders.edition.edition import Edition
from renders.publish import notebook
from renders.publish.notebook import Lesson

HTML = "{http://www.w3.org/1999/xhtml}"
NOTEBOOK = Path(notebook.__file__).parents[1] / "gallery" / "lesson.ipynb"


@pytest.fixture(scope="module")
def lesson(tmp_path_factory: pytest.TempPathFactory) -> Edition:
    return film(Trace.load(EXAMPLE), tmp_path_factory.mktemp("lesson") / "made")


def test_it_holds_its_first_chapter_and_links_the_rest(
    lesson: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(lesson.folder.parent)
    shown = html5lib.parseFragment(Lesson.of(lesson)._repr_html_())
    (source,) = shown.iter(f"{HTML}source")
    kind, _, content = (source.get("src") or "").partition(",")
    assert kind == "data:video/mp4;base64"
    assert base64.b64decode(content)[4:8] == b"ftyp"
    (picture,) = shown.iter(f"{HTML}img")
    assert (picture.get("src") or "").startswith("data:image/gif;base64,")
    assert len(picture.get("alt") or "") > 20
    links = [link.get("href") for link in shown.iter(f"{HTML}a")]
    assert links[0] == "made/lesson.mp4"
    assert links[1] == "made/lesson.mp4#t=0:00"
    assert len(links) == 1 + len(lesson.manifest.chapters)


def test_a_chapter_that_is_too_large_is_linked(lesson: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notebook, "LARGEST", 1000)
    shown = html5lib.parseFragment(Lesson.of(lesson)._repr_html_())
    assert not list(shown.iter(f"{HTML}video"))
    assert len(list(shown.iter(f"{HTML}img"))) == 1


def test_no_prompt_is_markup_in_it(lesson: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    first = notebook._first(lesson, lesson.folder.parent / "first")
    monkeypatch.setattr(notebook, "_first", lambda *_: first)
    for text in HOSTILE:
        shown = html5lib.parseFragment(Lesson.of(prompted(lesson, text))._repr_html_())
        assert not list(shown.iter(f"{HTML}script"))
        assert len(list(shown.iter(f"{HTML}img"))) == 1
        assert not any(name.startswith("on") for e in shown.iter() for name in e.attrib)


def test_the_example_runs(lesson: Edition, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All of it but the drawing of the lesson, which is there already."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("renders.build.build", lambda *_: SimpleNamespace(edition=lesson))
    names: dict[str, Any] = {}
    cells = json.loads(NOTEBOOK.read_text("utf-8"))["cells"]
    shown = [run("".join(cell["source"]), names) for cell in cells if cell["cell_type"] == "code"]
    assert [value for value in shown if isinstance(value, Lesson)]
    assert shown[-1] == []  # nothing is wrong
    assert not [cell for cell in cells if cell.get("outputs")]


def run(source: str, names: dict[str, Any]) -> Any:
    """Runs a cell as a notebook does; returns what its last line gives."""
    tree = ast.parse(source)
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "cell", "exec"), names)
    return eval(compile(ast.Expression(last.value), "cell", "eval"), names) if last else None
