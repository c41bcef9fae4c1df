"""Every chapter with every prompt, as it stands after each move: nothing outside, nothing over another."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from manim.renderer.cairo_renderer import CairoRenderer
from picture import watch
from prompts import PROMPTS

from llmtrace.trace import Trace
from scenes.attention import Attention
from scenes.catalogue import told_in
from scenes.embedding import Embedding
from scenes.lesson import CHAPTERS
from scenes.loop import Loop
from scenes.opening import Opening, Shown
from scenes.output import Output
from scenes.parts.label import Label
from scenes.position import Position
from scenes.reading import Reading, cells, reread
from scenes.stage import LessonScene
from scenes.tokens import Tokens

SCENES = (Opening, Tokens, Embedding, Position, Attention, Output, Loop)
Traced = Callable[..., Trace]

pytestmark = pytest.mark.usefixtures("dry")


@pytest.fixture
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """The scene's state is what is looked at, so no picture is drawn of it."""
    monkeypatch.setattr(CairoRenderer, "update_frame", lambda *_a, **_k: None)
    monkeypatch.setattr(CairoRenderer, "get_frame", lambda *_a: None)


def test_each_chapter_has_its_scene() -> None:
    assert [scene.chapter for scene in SCENES] == list(CHAPTERS)


def examine(scene: LessonScene, monkeypatch: pytest.MonkeyPatch) -> None:
    trace = scene.trace
    wrong = watch(scene, monkeypatch)
    scene.render()
    assert not wrong, "\n".join(wrong)
    assert scene.now == sum(scene.frames.values())
    assert not any(mobject.has_points() for root in scene.mobjects for mobject in root.get_family())
    shown = scene.shown()
    assert any(isinstance(s.what, Reading) for s in shown)
    for one in shown:
        assert 0 <= one.start < one.end <= scene.now
        what = one.what
        if isinstance(what, Reading):
            assert reread(trace, what.source, what.index, what.how, what.form) == what.text
        else:
            assert cells(trace, what.source, *what.index).digest == what.digest


@pytest.mark.parametrize("prompt", PROMPTS)
@pytest.mark.parametrize("chapter", SCENES, ids=lambda scene: scene.chapter)
@pytest.mark.usefixtures("undrawn")
def test_nothing_is_outside_or_over_another(
    chapter: type[LessonScene], prompt: str, traced: Traced, monkeypatch: pytest.MonkeyPatch
) -> None:
    examine(chapter(trace=traced(prompt), skip_animations=True), monkeypatch)


@pytest.mark.parametrize("prompt", ["one token", "three tokens", "twenty tokens"])
@pytest.mark.parametrize("chapter", SCENES, ids=lambda scene: scene.chapter)
@pytest.mark.usefixtures("undrawn")
def test_german_fits_too(
    chapter: type[LessonScene], prompt: str, traced: Traced, monkeypatch: pytest.MonkeyPatch
) -> None:
    with told_in("de"):
        examine(chapter(trace=traced(prompt), skip_animations=True), monkeypatch)


@pytest.mark.parametrize("chapter", SCENES, ids=lambda scene: scene.chapter)
@pytest.mark.parametrize("which", ["wide", "deep", "ids_only"])
@pytest.mark.usefixtures("undrawn")
def test_other_models_and_tokens_fit_too(
    chapter: type[LessonScene], which: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    examine(chapter(trace=request.getfixturevalue(which), skip_animations=True), monkeypatch)


@pytest.mark.parametrize("prompt", ["twenty tokens", "forty tokens", "hostile"])
@pytest.mark.usefixtures("undrawn")
def test_the_promise_keeps_clear_of_a_long_prompt(
    prompt: str, traced: Traced, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The prompt and the address are both near the bottom: they stand side by side."""
    scene = Opening(trace=traced(prompt), skip_animations=True)
    ends: list[tuple[float, float]] = []

    def measure(_beat: object) -> None:
        prompts, addresses = (
            [m for root in scene.mobjects for m in root.get_family() if isinstance(m, kind)]
            for kind in (Shown, Label)
        )
        address = next(
            label for label in addresses if label.reading and label.reading.source.endswith("attn.pattern")
        )
        ends.append((address.get_right()[0], prompts[0].get_left()[0]))

    monkeypatch.setattr(scene, "clear_all", measure)
    scene.render()
    [(right, left)] = ends
    assert left - right > 0.45


@pytest.mark.parametrize("prompt", ["one token", "forty tokens"])
@pytest.mark.parametrize("chapter", [Output, Loop], ids=lambda scene: scene.chapter)
@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.usefixtures("undrawn")
def test_many_new_tokens_stay_readable(
    chapter: type[LessonScene], prompt: str, language: str, traced: Traced, monkeypatch: pytest.MonkeyPatch
) -> None:
    with told_in(language):
        examine(chapter(trace=traced(prompt, 20), skip_animations=True), monkeypatch)
