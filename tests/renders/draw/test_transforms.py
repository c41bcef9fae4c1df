"""A play under our renderer leaves its objects as manim would, and manim's classes as they were."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from manim import (
    RIGHT,
    UP,
    Animation,
    Circle,
    Create,
    FadeIn,
    FadeOut,
    LaggedStart,
    Mobject,
    MoveToTarget,
    ReplacementTransform,
    Scene,
    Square,
    Transform,
    VGroup,
)

from renders.bench.drawing import ManimsRenderer
from renders.draw.camera import Picture
from renders.draw.render import configured
from renders.draw.renderer import Renderer
from renders.draw.transforms import BatchedTransforms, batched
from renders.shot import Quality

SIZE = Quality(160, 90)
Pictures = list[Picture]


def pair() -> tuple[VGroup, Circle]:
    squares = VGroup(*(Square(0.8, fill_opacity=0.6).shift(x * RIGHT) for x in (-2, 0, 2)))
    return squares, Circle(1.0, fill_opacity=0.4).shift(UP)


def moved_to_target(squares: VGroup) -> Animation:
    squares.generate_target().shift(UP).set_opacity(0.2)
    return MoveToTarget(squares)


PLAYS: dict[str, Callable[[Any, Any], list[Any]]] = {
    "fade in": lambda s, _: [FadeIn(s, shift=UP, lag_ratio=0.3)],
    "fade out": lambda s, c: [FadeOut(s), FadeIn(c)],
    "replace": lambda s, c: [ReplacementTransform(s, VGroup(c, c.copy(), c.copy().shift(RIGHT)))],
    "animate": lambda s, _: [s.animate.shift(2 * UP).set_fill("#FF0000", 0.5)],
    "target": lambda s, _: [moved_to_target(s)],
    "lagged": lambda s, c: [LaggedStart(*(FadeIn(m) for m in s), lag_ratio=0.4), Create(c)],
    "arc": lambda s, c: [Transform(s[0], c, path_arc=2.0), s[2].animate.scale(0.5)],
    "twice": lambda s, _: [s.animate.shift(UP), s[0].animate.shift(RIGHT)],
}


def played(
    renderer: Any,
    play: Callable[[Any, Any], list[Any]],
    also: Callable[[Any, Any], Mobject] | None = None,
) -> tuple[list[Mobject], Pictures]:
    """What is there after a play, and its pictures; `also` is added before it."""
    pictures: Pictures = []

    class One(Scene):
        def construct(self) -> None:
            squares, circle = pair()
            self.add(squares)
            if also is not None:
                self.add(also(squares, circle))
            self.play(*play(squares, circle), run_time=0.4)
            self.wait(0.1)

    with configured(SIZE, 20):
        scene = One(renderer=renderer(lambda picture, *_: pictures.append(picture.copy())))
        scene.render()
    return [m for mobject in scene.mobjects for m in mobject.get_family()], pictures


@pytest.mark.parametrize("name", PLAYS)
def test_objects_and_pictures_are_manims(name: str) -> None:
    manims, theirs = played(ManimsRenderer, PLAYS[name])
    ours, pictures = played(Renderer, PLAYS[name])
    assert len(ours) == len(manims)
    for one, other in zip(ours, manims, strict=True):
        assert np.allclose(one.points, other.points, atol=1e-12)
        for attribute in ("fill_rgbas", "stroke_rgbas", "stroke_width"):
            assert np.allclose(getattr(one, attribute, 0), getattr(other, attribute, 0), atol=1e-12), (
                attribute
            )
        assert "interpolate_mobject" not in vars(one)
    # All but the hold, in which manim draws what is faint twice.
    for picture, manim in zip(pictures[:-1], theirs[:-1], strict=True):
        assert np.abs(picture.astype(int) - manim).max() <= 2


def test_a_hold_shows_what_stood_there_before() -> None:
    """Also what is half transparent: not stronger than in the play that brought it."""
    _, pictures = played(Renderer, lambda _, c: [FadeIn(c, rate_func=lambda _: 1.0)])
    assert (pictures[-1] == pictures[-2]).all()


def begun(*animations: Any, add: Any = ()) -> BatchedTransforms | None:
    found: list[BatchedTransforms | None] = []

    class One(Scene):
        def construct(self) -> None:
            self.add(*add)
            self.compile_animation_data(*animations)
            self.begin_animations()
            found.append(batched(self))
            if found[0] is not None:
                found[0].end()
                for idle in (self, *(self.animations or [])):
                    assert "update_mobjects" not in vars(idle)

    with configured(SIZE, 20):
        One(skip_animations=True).render()
    return found[0]


def test_what_is_taken_over() -> None:
    squares, circle = pair()
    play = begun(FadeIn(squares), Create(circle))
    assert play is not None
    assert play.steady
    assert [len(track.members) for track in play.tracks] == [3]


def follow(squares: Any, circle: Any) -> Mobject:
    """Goes to where a moving square is: also when that is worked out without touching the square."""
    return circle.add_updater(lambda m: m.move_to(squares[0]))


def paint(squares: Any, circle: Any) -> Mobject:
    """Changes the colours of a square that fades at the same time."""
    return circle.add_updater(lambda _: squares[1].set_fill("#FF0000", 0.5))


def push(squares: Any, circle: Any) -> Mobject:
    """Moves a square that an animation moves too."""
    return circle.add_updater(lambda _: squares[2].shift(0.3 * RIGHT))


def swap(squares: Any, circle: Any) -> Mobject:
    """Gives a square colours and a width of its own."""

    def give(_: Mobject) -> None:
        squares[1].stroke_rgbas = np.array([[0.0, 1.0, 0.0, 1.0]])
        squares[2].stroke_width = 9.0

    return circle.add_updater(give)


@pytest.mark.parametrize("updater", [follow, paint, push, swap])
def test_updaters_see_and_change_what_moves(updater: Callable[[Any, Any], Mobject]) -> None:
    def play(squares: Any, _: Any) -> list[Any]:
        return [squares.animate.shift(UP).set_opacity(0.3)]

    manims, theirs = played(ManimsRenderer, play, updater)
    ours, pictures = played(Renderer, play, updater)
    for one, other in zip(ours, manims, strict=True):
        assert np.allclose(one.points, other.points, atol=1e-12)
        for attribute in ("fill_rgbas", "stroke_rgbas", "stroke_width"):
            assert np.allclose(getattr(one, attribute, 0), getattr(other, attribute, 0), atol=1e-12)
    for picture, manim in zip(pictures[:-1], theirs[:-1], strict=True):
        assert np.abs(picture.astype(int) - manim).max() <= 2


def test_a_play_with_an_updater_is_taken_over_too() -> None:
    squares, circle = pair()
    follower = Square().add_updater(lambda m: m.move_to(squares[0]))
    play = begun(FadeIn(circle), add=[follower])
    assert play is not None
    assert play.updating
    assert not play.steady


def test_an_object_in_two_animations_is_left_to_manim_and_the_others_are_not() -> None:
    squares, circle = pair()
    play = begun(FadeIn(squares), squares[0].animate.shift(UP))
    assert play is not None
    assert not play.tracks
    play = begun(FadeIn(squares), squares[0].animate.shift(UP), FadeIn(circle))
    assert play is not None
    assert [track.animation.mobject for track in play.tracks] == [circle]


def test_what_is_not_of_one_build_is_moved_by_manim_beside_the_rest() -> None:
    squares, _ = pair()
    gradient = Square().set_fill(["#FF0000", "#00FF00"], 1.0)
    play = begun(FadeIn(VGroup(squares, gradient)))
    assert play is not None
    assert [len(track.rows) for track in play.tracks] == [3]


def test_frames_are_counted_alike_drawn_or_not() -> None:
    """A drawing that begins late goes through what is before it undrawn, and must know where it is."""

    class Some(Scene):
        def construct(self) -> None:
            squares, _ = pair()
            self.play(FadeIn(squares), run_time=(7 - 0.5) / 20)
            self.wait((3 + 0.5) / 20)
            self.play(squares.animate.shift(UP), run_time=0.35)
            self.wait(0.5)

    counts, frames = [], []
    for first in (0, 10, 1000):
        drawn = 0

        def write(_picture: Picture, repeat: int, _changed: object = None) -> None:
            nonlocal drawn
            drawn += repeat

        with configured(SIZE, 20):
            renderer = Renderer(write, first)
            Some(renderer=renderer).render()
        counts.append(renderer.now)
        frames.append(drawn)
    assert counts == [27, 27, 27]
    assert frames == [27, 17, 0]
