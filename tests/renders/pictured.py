"""A scene's pictures, for tests of parts that are no chapter."""

from __future__ import annotations

from collections.abc import Callable

from manim import Scene

from renders.draw.camera import Picture
from renders.draw.render import configured
from renders.draw.renderer import Renderer
from renders.shot import Quality
from scenes import style

SIZE, FPS = Quality(640, 360), 10


def pictured(construct: Callable[[Scene], None]) -> list[Picture]:
    """What `construct` plays in a scene, (height, width, 3) each; what stands still is one picture."""
    pictures: list[Picture] = []

    class One(Scene):
        def construct(self) -> None:
            construct(self)

    with configured(SIZE, FPS):
        scene = One(renderer=Renderer(lambda picture, *_: pictures.append(picture[..., :3].copy())))
        scene.camera.background_color = style.GROUND
        scene.render()
    return pictures
